/** Entry of the main process. */

import { startApp } from './app.ts';

startApp();
