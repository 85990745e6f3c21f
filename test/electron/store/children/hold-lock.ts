/** Opens the store named on the command line, says so, and stays until it is killed. */

import { Store } from '../../../../electron/store/store.ts';

const path = process.argv[2];
if (path === undefined) throw new Error('expected the path of a database');
new Store({ path, program: 'the app' });
process.stdout.write('open\n');
setInterval(() => undefined, 1000);
