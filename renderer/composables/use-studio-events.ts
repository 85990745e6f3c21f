/** Brings the live feed into the stores, and what happened onto the screen. Used once, by the app itself. */

import { said } from '../../engine/spec/message.ts';
import { useI18n } from 'vue-i18n';
import { useRoute, useRouter } from 'vue-router';
import type { Notice } from '../../electron/contract/feed.ts';
import { StudioFailure } from '../../electron/contract/outcome.ts';
import type { RunStatus } from '../../engine/spec/run-status.ts';
import { invoke } from '../bridge/studio.ts';
import { useRunFeed } from '../feed/use-run-feed.ts';
import { useComparisonsStore } from '../stores/comparisons.ts';
import { useSweepsStore } from '../stores/sweeps.ts';
import { useNoticesStore, type Toast } from '../stores/notices.ts';
import { useRunsStore } from '../stores/runs.ts';

/** How an end is told: its words under `frame.runEnded`, and whether it is good news. */
const ENDINGS: Readonly<Partial<Record<RunStatus, Toast['kind']>>> = {
  completed: 'success',
  stopped: 'plain',
  diverged: 'danger',
  failed: 'danger',
  interrupted: 'danger',
};

export function useStudioEvents(): void {
  const { t } = useI18n();
  const route = useRoute();
  const router = useRouter();
  const feed = useRunFeed();
  const runs = useRunsStore();
  const comparisons = useComparisonsStore();
  const sweeps = useSweepsStore();
  const notices = useNoticesStore();

  const openRun = (id: string): void => void router.push({ name: 'run', params: { id } });
  const openSweep = (id: string): void => void router.push({ name: 'sweep', params: { id } });
  const openComparison = (id: string): void => void router.push({ name: 'comparison', params: { id } });
  const kindOfEnd = (status: RunStatus): Toast['kind'] => ENDINGS[status] ?? 'plain';

  function tell(notice: Notice): void {
    switch (notice.kind) {
      case 'close-requested':
        notices.closing = Math.max(notice.running, notice.sweeps);
        feed.closeAsked();
        return;
      case 'open-page':
        void router.push({ name: notice.page });
        return;
      case 'run-ended': {
        // Who is looking at the run sees it end.
        if (route.name === 'run' && route.params['id'] === notice.id) return;
        if (comparisons.shown.has(notice.id)) return;
        if (comparisons.starting > 0 && kindOfEnd(notice.status) !== 'danger') return;
        const race = comparisons.raceOf(notice.id);
        if (race !== null && kindOfEnd(notice.status) !== 'danger') {
          // A race is one thing: told once, when its last lane has ended.
          const others = race.runs.some((run) => runs.live.some((row) => row.id === run.id && row.id !== notice.id));
          if (others) return;
          notices.show(t('compare.ended', { name: race.name }), {
            kind: 'success',
            action: { label: t('frame.open'), run: () => openComparison(race.id) },
          });
          return;
        }
        const words = ENDINGS[notice.status] === undefined ? 'other' : notice.status;
        notices.show(t(`frame.runEnded.${words}`, { name: notice.name }), {
          kind: kindOfEnd(notice.status),
          action: { label: t('frame.open'), run: () => openRun(notice.id) },
        });
        return;
      }
      case 'sweep-ended': {
        // Who is looking at the sweep sees it end.
        if (sweeps.shown === notice.id) return;
        const { id, name, status } = notice;
        notices.show(t(`frame.sweepEnded.${status === 'completed' ? 'completed' : 'other'}`, { name }), {
          kind: status === 'failed' ? 'danger' : status === 'completed' ? 'success' : 'plain',
          action: { label: t('frame.open'), run: () => openSweep(id) },
        });
        return;
      }
      case 'run-verified': {
        const { steps, identical, difference } = notice.comparison;
        const row = runs.byId.get(notice.id);
        // The run's page says it by itself; what is as it should be is worth no interruption anywhere else.
        if (difference === null || row === undefined) return;
        if (route.name === 'run' && route.params['id'] === notice.id) return;
        notices.show(t('frame.verifiedDifferent', { name: row.name, steps, identical }), {
          kind: 'danger',
          action: { label: t('frame.open'), run: () => openRun(notice.id) },
        });
        return;
      }
      case 'problem': {
        const failure = new StudioFailure({ code: notice.code, ...said(notice) });
        const { id, sweep } = notice;
        if (notice.code === 'disk_full') {
          notices.problem(failure, { label: t('frame.tryAgain'), run: async () => void (await invoke('store:retry')) });
        } else if (id !== null) {
          notices.problem(failure, { label: t('frame.open'), run: () => openRun(id) });
        } else if (sweep !== undefined) {
          notices.problem(failure, { label: t('frame.open'), run: () => openSweep(sweep) });
        } else {
          notices.problem(failure);
        }
        return;
      }
    }
  }

  feed.onFrame((frame) => {
    runs.applyFrame(frame);
    sweeps.applyFrame(frame);
    for (const notice of frame.notices) tell(notice);
  });
  feed.onResync(() => {
    void runs.load();
    void sweeps.load();
  });
}
