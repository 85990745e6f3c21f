/** The settings a person chose: one JSON file, in memory while the app runs. */

import type { Message } from '../../../engine/spec/message.ts';
import { settingsSchema, type Settings } from '../../contract/settings.ts';
import { readJsonFile, writeFileWhole } from '../json-file.ts';

export class SettingsService {
  readonly #file: string;
  readonly #readOnly: boolean;
  readonly #listeners = new Set<(settings: Settings) => void>();
  #settings: Settings;
  #writing: Promise<void> = Promise.resolve();

  /** One line for a person when the settings file was broken, else null. */
  readonly problem: Message | null;

  private constructor(file: string, readOnly: boolean, settings: Settings, problem: Message | null) {
    this.#file = file;
    this.#readOnly = readOnly;
    this.#settings = settings;
    this.problem = problem;
  }

  /** Reads the file; a broken one is moved aside. `readOnly` keeps changes in memory only. */
  static async open(file: string, readOnly: boolean, now: number): Promise<SettingsService> {
    const { value, problem } = await readJsonFile(file, settingsSchema, now);
    return new SettingsService(file, readOnly, value, problem);
  }

  get(): Settings {
    return this.#settings;
  }

  /** Changes some settings. They are in force at once and on the disk when the promise is fulfilled. */
  async set(change: Partial<Settings>): Promise<Settings> {
    const settings = settingsSchema.parse({ ...this.#settings, ...change });
    this.#settings = settings;
    for (const listener of this.#listeners) listener(settings);
    if (!this.#readOnly) {
      // One write after the other, so that the last change is the one that stays.
      const write = (): Promise<void> => writeFileWhole(this.#file, `${JSON.stringify(this.#settings, null, 2)}\n`);
      this.#writing = this.#writing.then(write, write);
      await this.#writing;
    }
    return settings;
  }

  onChange(listener: (settings: Settings) => void): void {
    this.#listeners.add(listener);
  }
}
