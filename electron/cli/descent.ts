/** The command line: which commands there are, and how each one ends. Commands are loaded when they are asked for. */

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { errorOf } from '../contract/outcome.ts';
import { appVersion } from './app-folder.ts';
import { EXIT, statusOfError } from './exit-status.ts';
import { oneLine, withoutPasswords } from './output-lines.ts';

type Action = () => Promise<number>;

async function main(): Promise<number> {
  let status: number = EXIT.done;
  const run = (action: Action) => async () => {
    status = await action();
  };
  try {
    await createProgram(run).parseAsync(process.argv);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.help') {
        const command = ['descent', ...process.argv.slice(2)].join(' ');
        process.stderr.write(
          `descent: expected a command; "${oneLine(withoutPasswords(command))} --help" lists them\n`,
        );
      }
      // Help and version are what was asked for; everything else commander has said on stderr itself.
      return error.exitCode === 0 ? EXIT.done : EXIT.badInput;
    }
    const problem = errorOf(error);
    process.stderr.write(`descent: ${oneLine(withoutPasswords(problem.message))}\n`);
    if (problem.code === 'internal' && error instanceof Error) process.stderr.write(`${error.stack ?? ''}\n`);
    return statusOfError(problem);
  }
}

function createProgram(run: (action: Action) => () => Promise<void>): Command {
  const program = new Command('descent')
    .description('trains neural networks from scratch; the command line of the Descent studio')
    .version(appVersion(), '--version', 'print the version')
    .exitOverride()
    .configureOutput({
      outputError: (text) =>
        process.stderr.write(`descent: ${oneLine(withoutPasswords(text.replace(/^error: /, '')))}\n`),
      // All else is the help, which nobody has asked for where commander writes it here.
      writeErr: () => undefined,
    });
  const shared = (command: Command): Command =>
    command
      .option('--db <file>', 'database to use (default: the one of DESCENT_HOME)')
      .option('--json', 'one JSON object a line on stdout');
  const training = (command: Command): Command =>
    shared(command)
      .option(
        '--kernels <name>',
        'force the kernels: reference, reference-f64, wasm, native, native-avx2, native-avx512',
      )
      .option('--export <file>', 'write the weights there at the end; may be repeated', collect, []);

  training(program.command('train').argument('<spec>', 'run spec, a JSON file'))
    .description('train a run')
    .option('--seed <n>', 'use this seed instead of the spec’s', wholeNumber)
    .option('--fork <run>', 'go on from a checkpoint of another run: RUN for its last, RUN@STEP for another')
    .option('--inexact', 'with --fork: also with other data, kernels or engine than that run’s')
    .action((spec: string, options) =>
      run(async () => (await import('./train-command.ts')).trainCommand(spec, options))(),
    );
  training(program.command('resume').argument('<run>', 'id or number of the run'))
    .description('go on with a run from its last checkpoint')
    .option('--inexact', 'also with other data, kernels or engine than it began with')
    .action((id: string, options) =>
      run(async () => (await import('./train-command.ts')).resumeCommand(id, options))(),
    );
  training(program.command('repeat').argument('<run>', 'id or number of the run'))
    .description('train a run once more and tell whether it gives the same numbers')
    .option('--inexact', 'also with other data, kernels or engine than the first time')
    .action((id: string, options) =>
      run(async () => (await import('./train-command.ts')).repeatCommand(id, options))(),
    );
  shared(program.command('sweep').argument('[spec]', 'sweep spec, a JSON file'))
    .description('search for good settings: many short runs, the best of them found')
    .option('--workers <n>', 'trials at once (default: one a core)', workerCount)
    .option('--resume <sweep>', 'go on with an interrupted or stopped sweep: its id or number')
    .option('--kernels <name>', 'force the kernels')
    .option('--queue <url>', 'let "descent worker" processes train: redis://host:port/prefix')
    .action((spec: string | undefined, options) =>
      run(async () => (await import('./sweep-command.ts')).sweepCommand(spec, options))(),
    );
  program
    .command('worker')
    .description('train trials of sweeps that run elsewhere, until stopped')
    .requiredOption('--queue <url>', 'where the trials are: redis://host:port/prefix')
    .option('--workers <n>', 'trials at once (default: one a core)', workerCount)
    .option('--kernels <name>', 'offer these kernels only (default: all that load)')
    .option('--hold-seconds <s>', 'silent for so long, its trials go to others (default: 30)', holdSeconds)
    .action((options) => run(async () => (await import('./worker-command.ts')).workerCommand(options))());
  program
    .command('predict')
    .argument('<weights>', 'weights file: .npz or .safetensors')
    .description('apply a weights file to data')
    .requiredOption('--data <source>', 'a data set on board, or an .npz or .csv file')
    .option('--target <column>', 'target column of a CSV file')
    .option('--kernels <name>', 'force the kernels')
    .option('--json', 'one JSON object a line on stdout')
    .action((weights: string, options) =>
      run(async () => (await import('./predict-command.ts')).predictCommand(weights, options))(),
    );
  program
    .command('bench')
    .argument('[what...]')
    .usage('[options]')
    .description('how fast this machine trains')
    .option('--peers', 'measure NumPy, PyTorch and TensorFlow.js beside it, where they are installed')
    .option('--kernels <name>', 'measure these kernels only')
    .option('--only <list>', 'W1 … W5, products, product, health, sweeps: some of them, with commas between')
    .option('--rounds <n>', 'rounds in which all take turns (default: 3)')
    .option('--seconds <s>', 'length of one measurement (default: 0.3)')
    .option('--json', 'one JSON object a line on stdout')
    .addOption(new Option('--measure', 'measure in this process').hideHelp())
    .action((what: string[], options) => run(async () => (await import('./bench.ts')).runBench(options, what))());
  addRunsCommands(program, shared, run);
  return program;
}

function addRunsCommands(
  program: Command,
  shared: (command: Command) => Command,
  run: (action: Action) => () => Promise<void>,
): void {
  const runs = program.command('runs').description('what is in the database');
  const load = () => import('./runs-command.ts');
  shared(runs.command('list'))
    .description('all runs, newest first')
    .option('--trash', 'those in the trash')
    .action((options) => run(async () => (await load()).listCommand(options))());
  shared(runs.command('show').argument('<run>', 'id or number'))
    .description('one run')
    .action((id: string, options) => run(async () => (await load()).showCommand(id, options))());
  shared(runs.command('export-csv').argument('<run...>', 'ids or numbers'))
    .description('every logged point as CSV on stdout')
    .action((ids: string[], options) => run(async () => (await load()).exportCsvCommand(ids, options))());
  shared(runs.command('delete').argument('<run...>', 'ids or numbers'))
    .description('move runs to the trash')
    .option('--purge', 'delete for good')
    .action((ids: string[], options) => run(async () => (await load()).deleteCommand(ids, options))());
  shared(runs.command('restore').argument('<run...>', 'ids or numbers'))
    .description('bring runs back from the trash')
    .action((ids: string[], options) => run(async () => (await load()).restoreCommand(ids, options))());
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) throw new InvalidArgumentError('expected a whole number.');
  return value;
}

function workerCount(text: string): number {
  const value = wholeNumber(text);
  if (value < 1 || value > 256) throw new InvalidArgumentError('expected a whole number from 1 to 256.');
  return value;
}

function holdSeconds(text: string): number {
  const value = wholeNumber(text);
  if (value < 2 || value > 3600) throw new InvalidArgumentError('expected a whole number from 2 to 3600.');
  return value;
}

// What is printed goes where nobody reads any more: no reason to end otherwise than with the work's own status.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

process.exitCode = await main();
