/** UTF-8 by hand: the engine has no TextDecoder. Strict: overlong forms, surrogates and stray bytes are refused. */

/** Throws a SyntaxError at the first byte that is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string {
  const parts: string[] = [];
  let codes: number[] = [];
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i] ?? 0;
    const length = first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : 4;
    let code = length === 1 ? first : first & (0x7f >> length);
    let proper = length < 4 || (first >= 0xf0 && first < 0xf5);
    if (first >= 0x80 && first < 0xc2) proper = false;
    for (let j = 1; j < length; j++) {
      const next = bytes[i + j] ?? 0;
      if ((next & 0xc0) !== 0x80) proper = false;
      code = (code << 6) | (next & 0x3f);
    }
    const least = [0, 0, 0x80, 0x800, 0x10000][length] ?? 0;
    if (!proper || code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) {
      throw new SyntaxError(`expected UTF-8 at byte ${i}`);
    }
    codes.push(code);
    i += length;
    if (codes.length === 4096) {
      parts.push(String.fromCodePoint(...codes));
      codes = [];
    }
  }
  parts.push(String.fromCodePoint(...codes));
  return parts.join('');
}

/** Half a surrogate pair becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let at = 0;
  for (const character of text) {
    let code = character.codePointAt(0) ?? 0;
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    const length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    bytes[at++] = ((0xf00 >> length) & 0xff) | (code >> (6 * (length - 1)));
    for (let j = length - 2; j >= 0; j--) bytes[at++] = 0x80 | ((code >> (6 * j)) & 0x3f);
  }
  return bytes.slice(0, at);
}
