import { describe, expect, it, vi } from 'vitest';
import type { FeedCommand, FeedFrame } from '../../../electron/contract/feed.ts';
import { createRunFeed } from '../../../renderer/feed/run-feed.ts';
import { EMPTY_FRAME } from '../support/empty-frame.ts';
import { fakeId } from '../support/fake-runs.ts';

function frame(seq: number): FeedFrame {
  return { seq, ...EMPTY_FRAME };
}

function open() {
  let deliver: (frame: FeedFrame) => void = () => undefined;
  const sent: FeedCommand[] = [];
  const errors: unknown[] = [];
  const close = vi.fn();
  const feed = createRunFeed(
    (onFrame) => {
      deliver = onFrame;
      return { send: (command) => sent.push(command), close };
    },
    (error) => errors.push(error),
  );
  return { feed, sent, errors, close, deliver: (one: FeedFrame) => deliver(one) };
}

describe('the feed', () => {
  it('hands frames on in order and asks for nothing while none is missing', () => {
    const { feed, deliver } = open();
    const heard: (number | 'resync')[] = [];
    feed.listen({ onFrame: ({ seq }) => heard.push(seq), onResync: () => heard.push('resync') });
    [1, 2, 3].forEach((seq) => deliver(frame(seq)));
    expect(heard).toEqual([1, 2, 3]);
  });

  it.each([
    { name: 'a missing frame', seqs: [1, 3, 4], heard: [1, 'resync', 3, 4] },
    { name: 'a first frame that is not number one', seqs: [5, 6], heard: ['resync', 5, 6] },
    { name: 'a subscription that began anew', seqs: [1, 2, 1, 2], heard: [1, 2, 'resync', 1, 2] },
  ])('says so before the frame: $name', ({ seqs, heard: expected }) => {
    const { feed, deliver } = open();
    const heard: (number | 'resync')[] = [];
    feed.listen({ onFrame: ({ seq }) => heard.push(seq), onResync: () => heard.push('resync') });
    seqs.forEach((seq) => deliver(frame(seq)));
    expect(heard).toEqual(expected);
  });

  it('keeps telling the others when one listener throws', () => {
    const { feed, deliver, errors } = open();
    const heard = vi.fn();
    feed.listen({
      onFrame: () => {
        throw new Error('chart broken');
      },
    });
    feed.listen({ onFrame: heard });
    deliver(frame(1));
    expect(heard).toHaveBeenCalledTimes(1);
    expect(errors).toEqual([new Error('chart broken')]);
  });

  it('stops telling who left, also during a frame', () => {
    const { feed, deliver } = open();
    const heard = vi.fn();
    const end = feed.listen({ onFrame: heard });
    deliver(frame(1));
    end();
    deliver(frame(2));
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('watches a run for as long as somebody wants it', () => {
    const { feed, sent } = open();
    const [a, b] = [fakeId(1), fakeId(2)];
    const endFirst = feed.watch(a);
    const endSecond = feed.watch(a);
    const endOther = feed.watch(b);
    endFirst();
    endFirst();
    endSecond();
    endOther();
    expect(sent).toEqual([
      { type: 'watch', runs: [a] },
      { type: 'watch', runs: [a, b] },
      { type: 'watch', runs: [b] },
      { type: 'watch', runs: [] },
    ]);
  });

  it('sends nothing after it was closed', () => {
    const { feed, sent, close, deliver } = open();
    const heard = vi.fn();
    feed.listen({ onFrame: heard });
    const end = feed.watch(fakeId(1));
    feed.close();
    end();
    deliver(frame(1));
    expect(close).toHaveBeenCalledTimes(1);
    expect(sent).toHaveLength(1);
    expect(heard).not.toHaveBeenCalled();
  });
});
