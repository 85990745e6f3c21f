/** What every chart's `…` menu offers: pictures, data, a table, a summary in words. */

import { useI18n } from 'vue-i18n';
import { invoke } from '../../bridge/studio.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useChartTheme } from '../chart-theme.ts';
import { copyText } from './clipboard.ts';
import { tabSeparated } from './csv.ts';
import { figurePng, figureSvg, type Figure } from './figure.ts';

export interface ChartExport {
  /** File name without extension. */
  readonly name: () => string;
  /** null while there is nothing to draw. */
  readonly figure: () => Figure | null;
  /** Everything that was logged, not what is drawn: it may have to be read first. */
  readonly csv: () => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;
}

export interface UseChartExportReturn {
  readonly savePng: () => Promise<void>;
  readonly saveSvg: () => Promise<void>;
  readonly saveCsv: () => Promise<void>;
  /** Puts the data on the clipboard, tabs between columns, as spreadsheets take it. */
  readonly copy: () => Promise<void>;
}

export function useChartExport(source: ChartExport): UseChartExportReturn {
  const { t } = useI18n();
  const notices = useNoticesStore();
  const theme = useChartTheme();

  async function save(extension: string, make: () => Promise<Uint8Array<ArrayBuffer> | null>): Promise<void> {
    try {
      const bytes = await make();
      if (bytes === null) return;
      const saved = await invoke('file:save', { suggestedName: `${source.name()}.${extension}`, bytes });
      if (saved !== null) notices.show(t('run.saved', { file: fileName(saved.path) }), { kind: 'success' });
    } catch (error) {
      notices.problem(error);
    }
  }

  async function copy(): Promise<void> {
    let text: string;
    try {
      text = tabSeparated(await source.csv());
    } catch (error) {
      notices.problem(error);
      return;
    }
    const done = copyText(text);
    notices.show(done ? t('run.copied') : t('run.copyFailed'), { kind: done ? 'success' : 'danger' });
  }

  return {
    savePng: () =>
      save('png', async () => {
        const figure = source.figure();
        return figure === null ? null : figurePng(figure, theme.value);
      }),
    saveSvg: () =>
      save('svg', () => {
        const figure = source.figure();
        return Promise.resolve(figure === null ? null : figureSvg(figure, theme.value));
      }),
    saveCsv: () => save('csv', async () => source.csv()),
    copy,
  };
}

/** Last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
