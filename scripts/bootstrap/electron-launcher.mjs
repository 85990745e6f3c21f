/**
 * The tiny application inside the fallback runtime. Electron's own builds carry a default application that starts the
 * folder named on the command line; the fallback's was another program's, so this one takes its place and does the
 * same: name, version, user-data folder, application path, then the folder's main file.
 */
export const launcherPackage = `${JSON.stringify({ name: 'descent-launcher', version: '1.0.0', main: 'launcher.cjs' }, null, 2)}\n`;

export const launcherMain = `'use strict';
const { app } = require('electron');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const named = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (named === undefined) {
  process.stderr.write('This Electron starts an application folder: electron FOLDER\\n');
  app.exit(2);
} else {
  const folder = path.resolve(named);
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  app.setName(manifest.productName || manifest.name || app.getName());
  if (manifest.version) app.setVersion(manifest.version);
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
  app.setAppPath(folder);
  process.defaultApp = true;
  require(path.join(folder, manifest.main || 'index.js'));
}
`;
