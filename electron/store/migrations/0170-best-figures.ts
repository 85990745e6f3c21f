import type { Migration } from './migration.ts';

/** The lowest loss and the highest accuracy of any epoch, beside the figures of the best epoch, which only one of them decides. */
export const bestFigures: Migration = {
  version: 170,
  name: 'best figures',
  sql: `
    ALTER TABLE run ADD COLUMN best_step INTEGER;
    ALTER TABLE run ADD COLUMN lowest_validation_loss REAL;
    ALTER TABLE run ADD COLUMN lowest_loss_epoch INTEGER;
    ALTER TABLE run ADD COLUMN highest_validation_accuracy REAL;
    ALTER TABLE run ADD COLUMN highest_accuracy_epoch INTEGER;

    -- Of runs from before, the figures of the best epoch are what is known.
    UPDATE run SET
      best_step = min(best_epoch * steps_per_epoch, steps_planned),
      lowest_validation_loss = best_validation_loss,
      lowest_loss_epoch = CASE WHEN best_validation_loss IS NOT NULL THEN best_epoch END,
      highest_validation_accuracy = best_validation_accuracy,
      highest_accuracy_epoch = CASE WHEN best_validation_accuracy IS NOT NULL THEN best_epoch END;
  `,
};
