/**
 * What set-up says while it works, always on stderr (stdout belongs to the program that is started).
 * A terminal gets one line that is redrawn; a log gets plain lines, at most one every few seconds.
 *
 * @typedef {object} Step
 * @property {(detail: string) => void} update says how far it is, for example "43 %"
 * @property {(detail?: string) => void} done ends the step, with the seconds it took
 * @property {(reason: string) => void} failed ends the step
 *
 * @typedef {object} Progress
 * @property {(text: string) => void} note one line
 * @property {(title: string) => Step} step begins something that may take long
 */

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const redrawMilliseconds = 120;
const logMilliseconds = 5000;

/**
 * @param {NodeJS.WritableStream & { isTTY?: boolean, columns?: number }} [stream]
 * @returns {Progress}
 */
export function createProgress(stream = process.stderr) {
  const interactive = stream.isTTY === true && process.env.TERM !== 'dumb';
  return {
    note: (text) => void stream.write(`descent: ${text}\n`),
    step: (title) => (interactive ? redrawnStep(stream, title) : loggedStep(stream, title)),
  };
}

/** A progress that says nothing (tests, and callers that report themselves). @type {Progress} */
export const silentProgress = {
  note: () => undefined,
  step: () => ({ update: () => undefined, done: () => undefined, failed: () => undefined }),
};

/**
 * @param {NodeJS.WritableStream & { columns?: number }} stream
 * @param {string} title
 * @returns {Step}
 */
function redrawnStep(stream, title) {
  const began = Date.now();
  let frame = 0;
  let detail = '';
  const draw = () => {
    frame = (frame + 1) % frames.length;
    const line = `${frames[frame]} ${title} ${detail || seconds(began)}`;
    stream.write(`\r\u001b[2K${line.slice(0, (stream.columns || 80) - 1)}`);
  };
  const timer = setInterval(draw, redrawMilliseconds);
  timer.unref();
  draw();
  /** @param {string} line */
  const end = (line) => {
    clearInterval(timer);
    stream.write(`\r\u001b[2K${line}\n`);
  };
  return {
    update: (text) => void (detail = text),
    done: (text) => end(`✓ ${title} ${text ? `${text}, ` : ''}${seconds(began)}`),
    failed: (reason) => end(`✗ ${title} ${seconds(began)}: ${reason}`),
  };
}

/**
 * @param {NodeJS.WritableStream} stream
 * @param {string} title
 * @returns {Step}
 */
function loggedStep(stream, title) {
  const began = Date.now();
  let detail = '';
  stream.write(`descent: ${title} …\n`);
  const timer = setInterval(
    () => stream.write(`descent: ${title} … ${detail ? `${detail}, ` : ''}${seconds(began)}\n`),
    logMilliseconds,
  );
  timer.unref();
  /** @param {string} line */
  const end = (line) => {
    clearInterval(timer);
    stream.write(`descent: ${line}\n`);
  };
  return {
    update: (text) => void (detail = text),
    done: (text) => end(`${title}: done${text ? `, ${text}` : ''}, ${seconds(began)}`),
    failed: (reason) => end(`${title}: failed after ${seconds(began)}: ${reason}`),
  };
}

/** @param {number} began */
function seconds(began) {
  return `${((Date.now() - began) / 1000).toFixed(1)} s`;
}

/**
 * Bytes for people: "1.5 MB".
 *
 * @param {number} bytes
 */
export function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
