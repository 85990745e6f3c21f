/** A schedule gives the learning rate of each step, t counted from 0. A pure function: nothing to save or restore. */
export type Schedule = (t: number) => number;
