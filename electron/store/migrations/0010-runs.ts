import type { Migration } from './migration.ts';

/** Runs and their settings. `number` is what people see ("#12") and never comes back, even after a purge. */
export const runs: Migration = {
  version: 10,
  name: 'runs',
  sql: `
    CREATE TABLE run (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      status TEXT NOT NULL,
      message TEXT,
      spec TEXT NOT NULL,
      data TEXT NOT NULL,
      model TEXT NOT NULL,
      optimizer TEXT NOT NULL,
      lr REAL NOT NULL,
      parameters INTEGER NOT NULL,
      task TEXT NOT NULL,
      steps_per_epoch INTEGER NOT NULL,
      steps_planned INTEGER NOT NULL,
      epochs_planned INTEGER NOT NULL,
      steps_done INTEGER NOT NULL DEFAULT 0,
      epochs_done INTEGER NOT NULL DEFAULT 0,
      elapsed_ms REAL NOT NULL DEFAULT 0,
      input_shape TEXT NOT NULL,
      output_names TEXT NOT NULL,
      train_rows INTEGER NOT NULL,
      validation_rows INTEGER NOT NULL,
      test_rows INTEGER NOT NULL,
      kernels TEXT,
      kernels_description TEXT,
      model_card TEXT,
      data_sha256 TEXT,
      weights_sha256 TEXT,
      best_epoch INTEGER,
      best_validation_loss REAL,
      best_validation_accuracy REAL,
      last_train_loss REAL,
      last_validation_loss REAL,
      last_validation_accuracy REAL,
      test_loss REAL,
      test_accuracy REAL,
      sparkline BLOB NOT NULL DEFAULT x'',
      sparkline_every INTEGER NOT NULL DEFAULT 1,
      app_version TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      started_at INTEGER,
      ended_at INTEGER,
      deleted_at INTEGER
    ) STRICT;
    CREATE INDEX run_by_trash ON run (deleted_at, number);
    CREATE INDEX run_by_status ON run (status);

    -- The spec, flattened, so that runs can be found by any setting.
    CREATE TABLE hyperparameter (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      path TEXT NOT NULL,
      number REAL,
      text TEXT,
      PRIMARY KEY (run, path)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX hyperparameter_by_number ON hyperparameter (path, number);
    CREATE INDEX hyperparameter_by_text ON hyperparameter (path, text);
  `,
};
