/** A data set in memory, before and after it is split. */

import { MessageError, type Message } from '../spec/message.ts';
import type { DataShape } from '../spec/shapes.ts';

/** Rows as a reader or generator gives them. */
export interface DataSet {
  /** Shape of one row, kind of target and number of outputs. */
  readonly shape: DataShape;
  /** (rows × size of a row), row-major. Pictures stay bytes. Never holds NaN or infinity. */
  readonly x: Uint8Array | Float32Array;
  readonly rows: number;
  /** Class of each row (classification), else null. */
  readonly labels: Int32Array | null;
  /** (rows × outputs) real targets (regression), else null. */
  readonly targets: Float32Array | null;
  /** "t_train is float32": why targets that look like classes were taken for real targets. Left out for others. */
  readonly targetsNote?: string;
  /** Names of the classes or of the target columns. */
  readonly outputNames: readonly string[];
  /** Names of the features of flat rows, null for images. */
  readonly featureNames: readonly string[] | null;
  /** Of a CSV: whether its first line named the columns. Left out for others. */
  readonly header?: boolean;
  /** Rows from here on are the set's own test split; equals `rows` when it has none. */
  readonly testFrom: number;
  /** Largest value a feature can have when the source says so (255 for pictures, 16 for digits), else null: `unit` then scales by the training rows' range. */
  readonly maximum: number | null;
}

/** A data set split and normalised as the run spec asks: what the trainer takes. */
export interface PreparedData {
  readonly shape: DataShape;
  readonly rowSize: number;
  readonly x: Uint8Array | Float32Array;
  /** Value seen by the network: x·scale[j] + shift[j]; null means as it is. */
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
  readonly labels: Int32Array | null;
  readonly targets: Float32Array | null;
  /** Of the data set. */
  readonly targetsNote?: string;
  /** Row numbers of each split, in the order sequential sampling uses. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
  readonly outputNames: readonly string[];
  readonly featureNames: readonly string[] | null;
}

/** Thrown for data that cannot be used. The message, one line, names the file and what was expected. */
export class DataError extends MessageError {
  /** The field of the run spec at fault ("data.validation") where it is another than the source itself, else null. */
  readonly field: string | null;

  constructor(message: string | Message, field: string | null = null) {
    super(message);
    this.name = 'DataError';
    this.field = field;
  }
}
