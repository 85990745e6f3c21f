import { runAppProgram } from './bootstrap/app-program.mjs';

/** `npm run bench:app [-- ROUNDS]`: training in the app against the bare engine; see test/bench/app-path.ts. */
await runAppProgram('test/bench/app-path.ts');
