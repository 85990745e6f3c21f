// @vitest-environment happy-dom
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { RANGES } from '../../../engine/spec/numbers.ts';
import AppButton from '../../../renderer/components/ui/AppButton.vue';
import NumberField from '../../../renderer/components/ui/NumberField.vue';
import PanelBox from '../../../renderer/components/ui/PanelBox.vue';
import SegmentedControl from '../../../renderer/components/ui/SegmentedControl.vue';
import StatusMark from '../../../renderer/components/ui/StatusMark.vue';
import StepSlider from '../../../renderer/components/ui/StepSlider.vue';
import ToastItem from '../../../renderer/components/ui/ToastItem.vue';
import RunsRow from '../../../renderer/views/runs/RunsRow.vue';
import { fakeRun } from '../support/fake-runs.ts';
import { mount, type Mounted } from '../support/mount.ts';

let mounted: Mounted | null = null;
const show = (...what: Parameters<typeof mount>): Mounted => (mounted = mount(...what));
afterEach(() => {
  mounted?.unmount();
  mounted = null;
  vi.useRealTimers();
});
function key(element: HTMLElement, name: string, more: KeyboardEventInit = {}): void {
  element.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }));
}

describe('AppButton', () => {
  it('says why it is off, keeps the focus and does nothing', async () => {
    const onClick = vi.fn();
    const { root, set } = show(AppButton, { onClick, disabledReason: 'Stop the run first' }, 'Delete');
    const button = root.querySelector('button');
    button?.click();
    expect(onClick).not.toHaveBeenCalled();
    expect(button?.title).toBe('Stop the run first');
    expect(button?.getAttribute('aria-disabled')).toBe('true');
    expect(button?.disabled).toBe(false);
    await set({ disabledReason: null });
    button?.click();
    expect(onClick).toHaveBeenCalledTimes(1);
  });
  it('cannot be pressed twice while it works', async () => {
    const onClick = vi.fn();
    const { root, set } = show(AppButton, { onClick }, 'Export…');
    root.querySelector('button')?.click();
    await set({ busy: true });
    root.querySelector('button')?.click();
    expect(onClick).toHaveBeenCalledTimes(1);
    expect(root.querySelector('button')?.getAttribute('aria-busy')).toBe('true');
  });
  it('has a name when it is only an icon', () => {
    const { root } = show(AppButton, { icon: 'close', label: 'Close' });
    expect(root.querySelector('button')?.getAttribute('aria-label')).toBe('Close');
  });
});

describe('NumberField', () => {
  const props = { modelValue: '0.001', label: 'lr', range: RANGES.lr, 'data-testid': 'form-lr' };
  it('gives the usual values as a hint, and the error in its place', async () => {
    const { root, byId, set } = show(NumberField, props);
    expect(root.textContent).toContain('Usual: 0.0001 to 0.1');
    await set({ error: 'Must be above 0.' });
    expect(byId('form-lr-error').textContent).toBe('Must be above 0.');
    expect(byId('form-lr').getAttribute('aria-invalid')).toBe('true');
    expect(byId('form-lr').getAttribute('aria-describedby')).toBe(byId('form-lr-error').id);
    expect(root.textContent).not.toContain('Usual');
  });
  it('keeps what was typed, also when it is no number, and steps with the arrows', () => {
    const texts: string[] = [];
    const { byId } = show(NumberField, { ...props, 'onUpdate:modelValue': (text: string) => texts.push(text) });
    const input = byId('form-lr') as HTMLInputElement;
    input.value = 'fast';
    input.dispatchEvent(new Event('input'));
    key(input, 'ArrowUp');
    key(input, 'ArrowDown', { shiftKey: true });
    expect(texts).toEqual(['fast', '0.002', '0.0001']);
  });
});

describe('StepSlider', () => {
  const stops = [0, 1, 2, 4, 12, 24, 36];
  it('moves between stored steps and tells screen readers where it is', () => {
    const steps: number[] = [];
    const { byId } = show(StepSlider, {
      modelValue: 4,
      max: 40,
      stops,
      label: 'Step',
      'data-testid': 'step-slider',
      'onUpdate:modelValue': (step: number) => steps.push(step),
    });
    const slider = byId('step-slider');
    expect(slider.getAttribute('aria-valuenow')).toBe('4');
    expect(slider.getAttribute('aria-valuemin')).toBe('0');
    expect(slider.getAttribute('aria-valuemax')).toBe('40');
    key(slider, 'ArrowRight');
    key(slider, 'ArrowLeft');
    key(slider, 'ArrowRight', { shiftKey: true });
    key(slider, 'Home');
    key(slider, 'End');
    expect(steps).toEqual([12, 2, 36, 0, 36]);
  });
  it('rests before the first stored step', () => {
    const moved = vi.fn();
    const { byId } = show(StepSlider, {
      modelValue: 0,
      max: 0,
      stops: [],
      label: 'Step',
      'data-testid': 's',
      'onUpdate:modelValue': moved,
    });
    key(byId('s'), 'ArrowRight');
    expect(moved).not.toHaveBeenCalled();
    expect(byId('s').getAttribute('aria-disabled')).toBe('true');
  });
});

describe('SegmentedControl', () => {
  it('marks the choice and tells a new one', () => {
    const chosen = vi.fn();
    const { byId } = show(SegmentedControl, {
      modelValue: 'step',
      options: [
        { value: 'step', label: 'Step' },
        { value: 'time', label: 'Time' },
      ],
      label: 'Axis',
      testId: 'axis',
      'onUpdate:modelValue': chosen,
    });
    expect(byId('axis-step').getAttribute('aria-checked')).toBe('true');
    byId('axis-time').click();
    expect(chosen).toHaveBeenCalledWith('time');
  });
});

describe('PanelBox', () => {
  it('waits before it shows a skeleton, and says what went wrong', async () => {
    vi.useFakeTimers();
    const { root, set } = show(PanelBox, { title: 'Loss', state: 'loading' }, 'the chart');
    expect(root.querySelector('.skeleton')).toBeNull();
    await vi.advanceTimersByTimeAsync(250);
    expect(root.querySelector('.skeleton')).not.toBeNull();
    await set({ state: 'error', message: 'Histogram of step 52 can’t be read.' });
    expect(root.textContent).toContain('Histogram of step 52');
    expect(root.textContent).not.toContain('the chart');
    await set({ state: 'ready' });
    expect(root.textContent).toContain('the chart');
  });
});

describe('ToastItem', () => {
  const toast = { id: 1, kind: 'plain', message: '3 runs moved to trash', action: null, staysMs: 6000 };
  it('goes by itself, but not while it is read', async () => {
    vi.useFakeTimers();
    const onClose = vi.fn();
    const { byId } = show(ToastItem, { toast, onClose });
    await vi.advanceTimersByTimeAsync(5000);
    byId('toast').dispatchEvent(new Event('pointerenter'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(onClose).not.toHaveBeenCalled();
    byId('toast').dispatchEvent(new Event('pointerleave'));
    await vi.advanceTimersByTimeAsync(6000);
    expect(onClose).toHaveBeenCalledTimes(1);
  });
  it('does what it offers and goes', () => {
    const [run, onClose] = [vi.fn(), vi.fn()];
    const { byId } = show(ToastItem, { toast: { ...toast, action: { label: 'Undo', run } }, onClose });
    byId('toast-action').click();
    expect([run.mock.calls.length, onClose.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('StatusMark', () => {
  it.each(['running', 'completed', 'interrupted'] as const)('%s has a shape and a word', (status) => {
    const { root } = show(StatusMark, { status });
    expect(root.querySelector('svg path')).not.toBeNull();
    expect(root.textContent?.trim()).toBe(
      { running: 'Training', completed: 'Completed', interrupted: 'Interrupted' }[status],
    );
  });
});

describe('RunsRow', () => {
  const props = { index: 0, selected: false, cursor: false, renaming: false, inTrash: false, progress: undefined };
  it('shows numbers as people read them and carries them in full', () => {
    const row = fakeRun(5, { lr: 1e-6, highestValidationAccuracy: 0.96375, durationMs: 61_000 });
    const { byId } = show(RunsRow, { ...props, row });
    expect(byId('run-row-lr').textContent).toBe('1e−6');
    expect(byId('run-row-accuracy').textContent).toBe('96.38');
    expect(byId('run-row-accuracy').dataset['value']).toBe('0.96375');
    expect(byId('run-row-duration').textContent).toBe('1:01');
  });
  it('writes a dash for what is missing', () => {
    const { byId } = show(RunsRow, {
      ...props,
      row: fakeRun(5, { highestValidationAccuracy: null, highestAccuracyEpoch: null }),
    });
    expect(byId('run-row-accuracy').textContent).toBe('–');
    expect(byId('run-row-accuracy').dataset['value']).toBe('');
  });
  it('offers to resume only what was interrupted', async () => {
    const onResume = vi.fn();
    const { byId, set } = show(RunsRow, { ...props, row: fakeRun(5, { status: 'interrupted' }), onResume });
    byId('run-row-resume').click();
    expect(onResume).toHaveBeenCalledTimes(1);
    await set({ row: fakeRun(5) });
    expect(document.querySelector('[data-testid="run-row-resume"]')).toBeNull();
  });
  it('renames with Enter and keeps the name with Escape', async () => {
    const [onRename, onCancelRename] = [vi.fn(), vi.fn()];
    const { byId } = show(RunsRow, { ...props, row: fakeRun(5), renaming: true, onRename, onCancelRename });
    await nextTick();
    const input = byId('run-row-rename') as HTMLInputElement;
    expect(input.value).toBe(fakeRun(5).name);
    input.value = 'my net';
    input.dispatchEvent(new Event('input'));
    key(input, 'Enter', { isComposing: true });
    expect(onRename).not.toHaveBeenCalled();
    key(input, 'Enter');
    expect(onRename).toHaveBeenCalledWith('my net');
    key(input, 'Escape');
    expect(onCancelRename).toHaveBeenCalledTimes(1);
  });
});
