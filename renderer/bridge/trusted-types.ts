/** What the window's security policy lets through: the empty text as HTML, and our own files as scripts of workers. */

interface TrustedTypes {
  readonly defaultPolicy: unknown;
  createPolicy(
    name: string,
    rules: { createHTML: (html: string) => string | null; createScriptURL: (url: string) => string | null },
  ): unknown;
}

/** Whether a script is one of the files this window was built with. */
export function isOwnScript(url: string, page: string): boolean {
  const [script, own] = [new URL(url, page), new URL(page)];
  // The origin of our own scheme is opaque in places: protocol and host say the same.
  return script.protocol === own.protocol && script.host === own.host && script.pathname.endsWith('.js');
}

/**
 * The drawing library empties its element with `innerHTML = ''`, and a worker is named by its address; the content
 * security policy allows both from a policy only. Every other HTML and script is refused. Asking twice does nothing.
 */
export function allowOwnScripts(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined || trustedTypes.defaultPolicy !== null) return;
  trustedTypes.createPolicy('default', {
    createHTML: (html) => (html === '' ? html : null),
    createScriptURL: (url) => (isOwnScript(url, location.href) ? url : null),
  });
}
