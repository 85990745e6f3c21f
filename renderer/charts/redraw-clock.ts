/** One clock for all charts: whatever changed since the last frame of the screen is drawn once in the next. */

const waiting = new Set<() => void>();
let scheduled = false;

function tick(): void {
  scheduled = false;
  const draws = [...waiting];
  waiting.clear();
  for (const draw of draws) draw();
}

/** Asks for a drawing in the next frame; asking twice draws once. Nothing is drawn while the window is hidden. */
export function requestRedraw(draw: () => void): void {
  waiting.add(draw);
  if (scheduled) return;
  scheduled = true;
  requestAnimationFrame(tick);
}

/** Takes the request back, for a chart that is going away. */
export function cancelRedraw(draw: () => void): void {
  waiting.delete(draw);
}
