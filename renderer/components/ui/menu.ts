/** One row of a menu. */

import type { IconName } from './icons.ts';

export interface MenuItem {
  readonly key: string;
  readonly label: string;
  readonly icon?: IconName;
  readonly keyCap?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** The menu stays open: a choice for the rows below. */
  readonly stays?: boolean;
  /** A tick before the label; leave out for rows that are not on or off. */
  readonly checked?: boolean;
  /** A line above this row. */
  readonly separated?: boolean;
  readonly testId?: string;
  readonly run: () => void;
}
