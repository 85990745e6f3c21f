/** Every message of the interface, by language and area. Both languages have the same keys and placeholders (tested). */

import enAnalysis from './en/analysis.json';
import enCompare from './en/compare.json';
import enData from './en/data.json';
import enErrors from './en/errors.json';
import enEvaluation from './en/evaluation.json';
import enFrame from './en/frame.json';
import enNewRun from './en/new-run.json';
import enRun from './en/run.json';
import enRuns from './en/runs.json';
import enSettings from './en/settings.json';
import enSweep from './en/sweep.json';
import zhAnalysis from './zh-CN/analysis.json';
import zhCompare from './zh-CN/compare.json';
import zhData from './zh-CN/data.json';
import zhErrors from './zh-CN/errors.json';
import zhEvaluation from './zh-CN/evaluation.json';
import zhFrame from './zh-CN/frame.json';
import zhNewRun from './zh-CN/new-run.json';
import zhRun from './zh-CN/run.json';
import zhRuns from './zh-CN/runs.json';
import zhSentences from './zh-CN/sentences.json';
import zhSettings from './zh-CN/settings.json';
import zhSweep from './zh-CN/sweep.json';

/** The languages the interface speaks. */
export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

export const messages = {
  en: {
    analysis: enAnalysis,
    compare: enCompare,
    data: enData,
    errors: enErrors,
    evaluation: enEvaluation,
    frame: enFrame,
    newRun: enNewRun,
    run: enRun,
    runs: enRuns,
    settings: enSettings,
    sweep: enSweep,
  },
  'zh-CN': {
    analysis: zhAnalysis,
    compare: zhCompare,
    data: zhData,
    errors: zhErrors,
    evaluation: zhEvaluation,
    frame: zhFrame,
    newRun: zhNewRun,
    run: zhRun,
    runs: zhRuns,
    settings: zhSettings,
    sweep: zhSweep,
  },
};

/** What the engine, the workers and the services say, by the English sentence (engine/spec/message.ts). */
export const sentences: Readonly<Record<Language, Readonly<Record<string, string>>>> = { en: {}, 'zh-CN': zhSentences };

/** The language for a setting and the system's tag: any Chinese is Simplified Chinese, anything else English. */
export function chooseLanguage(setting: 'system' | Language, systemLocale: string): Language {
  if (setting !== 'system') return setting;
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
