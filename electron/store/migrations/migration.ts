/** One numbered step of the schema. Numbers rise and leave room; a released migration is never edited. */

export interface Migration {
  /** Becomes the database's user_version. */
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
