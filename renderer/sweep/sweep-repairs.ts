/** Ways out of what is wrong with a sweep, offered as buttons where it is wrong. Pure: each changes the draft it is given. */

import { applyParams } from '../../engine/spec/apply-params.ts';
import { METRICS } from '../../engine/spec/metric.ts';
import type { ParamValue } from '../../engine/spec/search-space.ts';
import { usualSampler, listText, type ParamDraft, type SweepDraft } from './sweep-draft.ts';
import { conditionValues, readDistribution, type SweepIssue } from './sweep-check.ts';

export interface SweepRepair {
  /** Message under `sweep.repair`, with its values. */
  readonly code:
    | 'linear'
    | 'swap'
    | 'stepOne'
    | 'remove'
    | 'onlyWhen'
    | 'always'
    | 'useLoss'
    | 'holdOut'
    | 'random'
    | 'tpe'
    | 'points'
    | 'moreTrials'
    | 'noEpochs';
  readonly values: Readonly<Record<string, string | number>>;
  readonly apply: (draft: SweepDraft) => void;
}

/** The repairs for an issue at a path of the sweep spec, the most likely first. */
export function sweepRepairs(path: string, issue: SweepIssue, draft: SweepDraft): SweepRepair[] {
  if (path.startsWith('space.')) {
    const param = draft.space.find((one) => path === `space.${one.path}` || path.startsWith(`space.${one.path}.`));
    return param === undefined ? [] : paramRepairs(path, issue, param, draft);
  }
  switch (path) {
    case 'objective.metric':
      return [repair('useLoss', {}, (target) => (target.objective.metric = 'loss'))];
    case 'objective.split':
      return [
        repair('holdOut', { percent: 20 }, (target) => {
          target.base = { ...target.base, data: { ...target.base.data, validation: 0.2 } };
        }),
      ];
    case 'sampler':
      return [
        repair('points', { n: 3 }, (target) => (target.sampler.fields['points'] = '3')),
        repair('random', {}, (target) => (target.sampler = usualSampler('random'))),
      ];
    case 'sampler.rounds': {
      const rounds = Number(draft.sampler.fields['rounds']);
      return [repair('moreTrials', { n: rounds * 10 }, (target) => (target.budget.trials = String(rounds * 10)))];
    }
    case 'epochsPerTrial':
      return [repair('noEpochs', {}, (target) => (target.budget.epochsPerTrial = ''))];
    default:
      return [];
  }
}

function repair(code: SweepRepair['code'], values: SweepRepair['values'], apply: SweepRepair['apply']): SweepRepair {
  return { code, values, apply };
}

function paramRepairs(
  path: string,
  issue: SweepIssue,
  { key, ...param }: ParamDraft,
  draft: SweepDraft,
): SweepRepair[] {
  const change = (act: (target: ParamDraft) => void) => (target: SweepDraft) => {
    const found = target.space.find((one) => one.key === key);
    if (found !== undefined) act(found);
  };
  const remove = repair('remove', {}, (target) => {
    target.space = target.space.filter((one) => one.key !== key);
  });
  if (issue.kind === 'rule') {
    switch (issue.code) {
      case 'logFromZero':
      case 'logFromOne':
        return [
          repair(
            'linear',
            {},
            change((one) => (one.type = one.type === 'log-int' ? 'int' : 'uniform')),
          ),
        ];
      case 'order':
        return param.min === param.max
          ? [remove]
          : [
              repair(
                'swap',
                {},
                change((one) => ([one.min, one.max] = [one.max, one.min])),
              ),
            ];
      case 'step':
        return [
          repair(
            'stepOne',
            {},
            change((one) => (one.step = '1')),
          ),
        ];
      case 'fewValues':
      case 'parameterTwice':
        return [remove];
      case 'noWhen':
        return [
          repair(
            'always',
            {},
            change((one) => (one.when = null)),
          ),
        ];
      default:
        return [];
    }
  }
  if (issue.kind === 'number') return [];
  if (path.includes('.when'))
    return [
      repair(
        'always',
        {},
        change((one) => (one.when = null)),
      ),
    ];
  if (draft.sampler.type === 'cma-es' && path.endsWith('.type')) {
    return [repair('tpe', {}, (target) => (target.sampler = usualSampler('tpe'))), remove];
  }
  const condition = conditionFor(param.path, draft);
  return condition === null
    ? [remove]
    : [
        repair(
          'onlyWhen',
          { path: condition.path, values: condition.in },
          change((one) => (one.when = condition)),
        ),
        remove,
      ];
}

/**
 * The condition under which a parameter can exist: a choice of the space some of whose values go with it and some do
 * not. null when there is none.
 */
export function conditionFor(path: string, draft: SweepDraft): { path: string; in: string } | null {
  const param = draft.space.find((one) => one.path === path);
  const distribution = param === undefined ? null : readDistribution(param);
  if (param === undefined || distribution === null) return null;
  const own: ParamValue =
    distribution.type === 'choice' ? (distribution.values[0] as ParamValue) : (distribution.min as ParamValue);
  for (const other of draft.space) {
    if (other.path === path || other.type !== 'choice') continue;
    const values = conditionValues(other) ?? [];
    const fitting = values.filter((value) => applyParams(draft.base, { [other.path]: value, [path]: own }).ok);
    if (fitting.length > 0 && fitting.length < values.length) return { path: other.path, in: listText(fitting) };
  }
  return null;
}

/** Which way is better, for the words beside the objective. */
export function directionOf(draft: SweepDraft): 'maximize' | 'minimize' {
  return METRICS[draft.objective.metric].direction;
}
