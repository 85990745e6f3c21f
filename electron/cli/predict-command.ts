/** `descent predict`: a weights file applied to data. The file says what its network is. */

import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DataError, type PreparedData } from '../../engine/data/dataset.ts';
import { weightModelOf } from '../../engine/formats/model-card.ts';
import { unfoldNormalization, type ModelCard } from '../../engine/spec/model-card.ts';
import { BUILT_IN_SOURCES, type BuiltInSource, type DataSource } from '../../engine/spec/run-spec.ts';
import { sizeOf } from '../../engine/spec/shapes.ts';
import { classify } from '../../engine/train/evaluation.ts';
import { createPredictor } from '../../engine/train/predictor.ts';
import { StudioFailure } from '../contract/outcome.ts';
import { loadDataSet, type LoadedData } from '../workers/data-source.ts';
import { toJobError } from '../workers/job-errors.ts';
import { kernelChoice, loadKernels } from '../workers/load-kernels.ts';
import { readModelCard, readWeightsFile } from '../workers/weights-file.ts';
import { EXIT } from './exit-status.ts';
import { LineWriter } from './line-writer.ts';
import { jsonLine } from './output-lines.ts';
import { datasetsFolder } from './app-folder.ts';
import { alignColumns, figure, percent } from './text-format.ts';

export interface PredictOptions {
  readonly data: string;
  readonly target?: string;
  readonly kernels?: string;
  readonly json?: boolean;
}

/** Rejects with a StudioFailure. */
export async function predictCommand(weightsFile: string, options: PredictOptions): Promise<number> {
  try {
    return await predict(weightsFile, options);
  } catch (error) {
    throw new StudioFailure(toJobError(error));
  }
}

async function predict(weightsFile: string, options: PredictOptions): Promise<number> {
  const path = resolve(weightsFile);
  const card = await readModelCard(path);
  if (card === null) {
    throw new DataError(
      `${weightsFile}: expected a weights file of Descent, this one does not say what its network is`,
    );
  }
  const loaded = await loadDataSet(sourceOf(options), { datasetsDir: datasetsFolder(), baseDir: process.cwd() });
  const data = asTrained(card, loaded, options.data);
  const weights = await readWeightsFile(path, weightModelOf(card));
  const { kernels } = loadKernels(kernelChoice(options.kernels, options.kernels ?? process.env['DESCENT_KERNELS']));
  const predictor = createPredictor({ kernels, layers: card.layers, loss: card.loss, data, weights });
  const rows = data.test;
  const prediction = predictor.predict(rows);
  const score = predictor.score(rows);
  const writer = new LineWriter(process.stdout, () => process.exit(EXIT.done));
  if (options.json === true) {
    for (const line of lines(card, data, prediction)) writer.line(jsonLine(line));
    const accuracy = Number.isNaN(score.accuracy) ? null : score.accuracy;
    writer.line(jsonLine({ event: 'finished', rows: rows.length, loss: score.loss, accuracy }));
  } else {
    const accuracy = Number.isNaN(score.accuracy) ? '' : percent(score.accuracy);
    const table = [
      ['rows', String(rows.length)],
      ['loss', figure(score.loss)],
      ['accuracy', accuracy],
    ];
    writer.line(alignColumns(table.filter(([, value]) => value !== '')).trimEnd());
  }
  await writer.flush();
  return EXIT.done;
}

/** One object a row: classes with their probabilities, or values. */
function* lines(
  card: ModelCard,
  data: PreparedData,
  prediction: Parameters<typeof classify>[0],
): Generator<Record<string, unknown>> {
  const { outputs, columns } = prediction;
  const classes = card.task === 'classification' ? classify(prediction) : null;
  for (const [i, row] of data.test.entries()) {
    const values = Array.from(outputs.subarray(i * columns, (i + 1) * columns));
    if (classes === null) {
      const width = data.shape.outputs;
      const truth = Array.from(data.targets?.subarray(row * width, (row + 1) * width) ?? []);
      yield { event: 'prediction', row, outputs: values, truth };
    } else {
      const predicted = classes.predicted[i] ?? -1;
      const name = card.outputNames[predicted] ?? `class ${predicted}`;
      const confidence = classes.confidence[i];
      yield {
        event: 'prediction',
        row,
        predicted,
        class: name,
        confidence,
        outputs: values,
        truth: data.labels?.[row],
      };
    }
  }
}

function sourceOf({ data, target }: PredictOptions): DataSource {
  const known = (BUILT_IN_SOURCES as readonly string[]).includes(data);
  const exists = existsSync(data);
  if (known && !exists) return data as BuiltInSource;
  if (!exists && !/[./\\]/.test(data)) {
    throw new DataError(
      `--data: unknown data set ${JSON.stringify(data)}; expected ${BUILT_IN_SOURCES.join(', ')}, or an .npz or .csv file`,
    );
  }
  return { file: data, ...(target === undefined ? {} : { target }) };
}

/** All rows, seen as the network saw its training rows. Throws a DataError when the data is of another kind. */
function asTrained(card: ModelCard, { dataset }: LoadedData, name: string): PreparedData {
  const { shape } = dataset;
  const rowSize = sizeOf(shape.input);
  const wanted = sizeOf(card.input);
  if (rowSize !== wanted) {
    throw new DataError(`${name}: expected rows of ${wanted} values (${card.input.join(' × ')}), got ${rowSize}`);
  }
  if (shape.task !== card.task) throw new DataError(`${name}: expected data for ${card.task}, got ${shape.task}`);
  const { normalization } = card;
  const none = new Int32Array(0);
  return {
    shape: { ...shape, input: card.input },
    rowSize,
    x: dataset.x,
    scale: normalization === null ? null : unfoldNormalization(normalization.scale, rowSize),
    shift: normalization === null ? null : unfoldNormalization(normalization.shift, rowSize),
    labels: dataset.labels,
    targets: dataset.targets,
    train: none,
    validation: none,
    test: Int32Array.from({ length: dataset.rows }, (_, i) => i),
    outputNames: card.outputNames,
    featureNames: dataset.featureNames,
  };
}
