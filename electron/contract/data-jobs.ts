/** Words between the main process and the data worker: looks at data sets, and which kernels load. */

import type { Message } from '../../engine/spec/message.ts';
import type { DataSource } from '../../engine/spec/run-spec.ts';
import type { DataPreview } from './data.ts';
import type { Outcome } from './outcome.ts';

export interface KernelsInfo {
  /** For people: "native AVX-512, clang 19.1.7". */
  readonly description: string;
  /** Why faster kernels are not in use, or null. */
  readonly note: Message | null;
}

export interface DataRequests {
  readonly preview: {
    readonly argument: { readonly source: DataSource; readonly datasetsFolder: string; readonly baseFolder: string };
    readonly result: DataPreview;
  };
  readonly kernels: {
    /** A name of KERNEL_NAMES, `native`, or `auto`. */
    readonly argument: { readonly name: string };
    readonly result: KernelsInfo;
  };
}
export type DataRequestType = keyof DataRequests;

export type DataRequest = {
  readonly [T in DataRequestType]: {
    readonly id: number;
    readonly type: T;
    readonly argument: DataRequests[T]['argument'];
  };
}[DataRequestType];

export interface DataReply {
  readonly id: number;
  readonly outcome: Outcome<DataRequests[DataRequestType]['result']>;
}
