/** What a person can set, and what the app says about itself. */

import type { Message } from '../../engine/spec/message.ts';
import { z } from 'zod';

const fields = {
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'zh-CN']),
  kernels: z.enum(['auto', 'reference', 'reference-f64', 'wasm', 'native', 'native-avx2', 'native-avx512']),
  /** Runs trained at once; null: as many as the machine has cores. */
  workers: z.number().int().min(1).max(64).nullable(),
  navigationFolded: z.boolean(),
};

/** All settings; what is missing gets its default. */
export const settingsSchema = z.strictObject({
  theme: fields.theme.default('system'),
  language: fields.language.default('system'),
  kernels: fields.kernels.default('auto'),
  workers: fields.workers.default(null),
  navigationFolded: fields.navigationFolded.default(false),
});
export type Settings = z.infer<typeof settingsSchema>;

/** Some settings; what is missing stays as it is (`partial()` of fields with defaults would reset them). */
export const settingsChangeSchema = z.strictObject(fields).partial();

export interface AppInfo {
  readonly version: string;
  readonly electron: string;
  readonly chromium: string;
  readonly node: string;
  readonly platform: string;
  /** Kernels new runs will use, for people: "native AVX-512, clang 19.1.7". */
  readonly kernels: string;
  /** Why the fastest kernels are not in use, or null. */
  readonly kernelsNote: Message | null;
  readonly databasePath: string;
  readonly databaseBytes: number;
  readonly cores: number;
  /** Things a person should know: "Chromium's sandbox is off (running as root)". */
  readonly warnings: readonly string[];
  /** True when the profile cannot be written: everything can be looked at, nothing trained. */
  readonly readOnly: boolean;
  /** The system's language tag, for `language: system`. */
  readonly locale: string;
}
