// Draws resources/icons/icon.svg at every size the systems ask for. Run after the drawing changed:
//   node scripts/run-electron.mjs scripts/icons
const { app, BrowserWindow } = require('electron');
const { readFileSync, writeFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const folder = resolve(__dirname, '..', '..', 'resources', 'icons');
const sizes = [16, 32, 48, 64, 128, 256, 512, 1024];

/** Runs in the page: an image drawn on a canvas keeps its transparent corners. */
const draw = `async (address, size) => {
  const image = new Image(size, size);
  image.src = address;
  await image.decode();
  const canvas = new OffscreenCanvas(size, size);
  canvas.getContext('2d').drawImage(image, 0, 0, size, size);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  return Array.from(bytes);
}`;

async function main() {
  await app.whenReady();
  const window = new BrowserWindow({ show: false });
  await window.loadURL('data:text/html,<title>icons</title>');
  const address = `data:image/svg+xml;base64,${readFileSync(join(folder, 'icon.svg')).toString('base64')}`;
  for (const size of sizes) {
    const bytes = await window.webContents.executeJavaScript(`(${draw})(${JSON.stringify(address)}, ${size})`);
    writeFileSync(join(folder, `${size}x${size}.png`), Buffer.from(bytes));
  }
  app.exit(0);
}

main().catch((error) => {
  console.error(error);
  app.exit(1);
});
