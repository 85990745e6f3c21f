import { runAppProgram } from './bootstrap/app-program.mjs';

/** `npm run scale [-- --runs 10000 --only start,table]`: the app on 10,000 runs; see test/scale/main.ts. */
await runAppProgram('test/scale/main.ts');
