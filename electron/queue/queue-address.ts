/** Where the queue is: `redis://host:port/prefix`, `rediss://` for TLS. */

import type { RedisOptions } from 'ioredis';
import { StudioFailure } from '../contract/outcome.ts';

/** Where the server is, as `--queue` says it. */
export interface QueueAddress {
  readonly options: RedisOptions;
  /** Keys in Redis begin with it: searches that must not meet have different ones. */
  readonly prefix: string;
  /** For people: without user and password. */
  readonly shown: string;
}

const EXPECTED = 'expected redis://host:port/prefix (or rediss:// for TLS)';
const DEFAULT_PREFIX = 'descent';

/** Throws a StudioFailure. Nothing it says repeats a password. */
export function parseQueueAddress(text: string, environment: NodeJS.ProcessEnv = process.env): QueueAddress {
  const url = parsed(text);
  if (url === null || (url.protocol !== 'redis:' && url.protocol !== 'rediss:') || url.hostname === '') {
    // What was typed is not repeated: it may hold a password, anywhere.
    throw bad(EXPECTED);
  }
  const prefix = url.pathname.replace(/^\/|\/$/g, '') || DEFAULT_PREFIX;
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(prefix)) {
    throw bad('expected a prefix of letters, digits, dots, dashes and underscores after the port');
  }
  if (url.search !== '' || url.hash !== '') throw bad(`${EXPECTED}, without anything after the prefix`);
  const port = url.port === '' ? 6379 : Number(url.port);
  const password = secret(url.password) || environment['DESCENT_QUEUE_PASSWORD'];
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    options: {
      host,
      port,
      ...(url.username === '' ? {} : { username: secret(url.username) }),
      ...(password === undefined || password === '' ? {} : { password }),
      ...(url.protocol === 'rediss:' ? { tls: { servername: host } } : {}),
    },
    prefix,
    shown: `${url.protocol}//${url.hostname}:${port}/${prefix}`,
  };
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function secret(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw bad('user and password of the address: expected %-escapes where they hold special characters');
  }
}

function bad(message: string): StudioFailure {
  return new StudioFailure({ code: 'bad_request', message: `--queue: ${message}` });
}
