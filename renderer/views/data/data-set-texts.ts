/** Licence and origin in the person's language, where they are ours to translate; citations stay as they are. */

import type { DataSetInfo } from '../../../electron/contract/data.ts';

type Translate = (key: string) => string;

/** Sets that are computed from a seed have neither licence nor author. */
const COMPUTED: ReadonlySet<string> = new Set(['xor', 'spiral', 'moons', 'circles']);

export function licenceText(t: Translate, set: DataSetInfo): string {
  return COMPUTED.has(set.source) ? t('data.noLicence') : set.licence;
}

export function originText(t: Translate, set: DataSetInfo): string {
  return COMPUTED.has(set.source) ? t(`data.computed.${set.source}`) : set.origin;
}
