/** One violation of every rule, each with the tool that must catch it. A rule nobody has seen fail is a comment. */

export interface PlantedViolation {
  readonly tool: 'depcruise' | 'tsc' | 'eslint';
  /** Name of the dependency rule, or a piece of the message of tsc or ESLint. */
  readonly expected: string;
  /** Where it is planted, relative to the tree. */
  readonly file: string;
  readonly text: string;
}

const reexport = (name: string, from: string): string =>
  `import * as ${name} from '${from}';\nexport const planted = ${name};\n`;
const vue = (script: string): string =>
  `<script setup lang="ts">\n${script}</script>\n<template>{{ planted }}</template>\n`;

export const PLANTED: readonly PlantedViolation[] = [
  {
    tool: 'depcruise',
    expected: 'engine-is-pure',
    file: 'engine/train/planted-node.ts',
    text: reexport('hooks', 'node:perf_hooks'),
  },
  { tool: 'depcruise', expected: 'engine-is-pure', file: 'engine/train/planted-npm.ts', text: reexport('vue', 'vue') },
  {
    tool: 'depcruise',
    expected: 'schemas-live-in-spec',
    file: 'engine/train/planted-zod.ts',
    text: reexport('zod', 'zod'),
  },
  {
    tool: 'depcruise',
    expected: 'spec-is-a-leaf',
    file: 'engine/spec/planted.ts',
    text: "import type { Tensor } from '../math/tensor.ts';\nexport type Planted = Tensor;\n",
  },
  {
    tool: 'depcruise',
    expected: 'renderer-sees-spec-and-contract-only',
    file: 'renderer/charts/planted.ts',
    text: reexport('tensor', '../../engine/math/tensor.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'renderer-sees-spec-and-contract-only',
    file: 'renderer/views/PlantedView.vue',
    text: vue("import { Tensor } from '../../engine/math/tensor.ts';\nconst planted = Tensor;\n"),
  },
  {
    tool: 'depcruise',
    expected: 'queue-behind-its-folder',
    file: 'electron/main/services/planted-queue.ts',
    text: reexport('bullmq', 'bullmq'),
  },
  {
    tool: 'depcruise',
    expected: 'renderer-has-no-node',
    file: 'renderer/charts/planted-node.ts',
    text: reexport('fs', 'node:fs'),
  },
  {
    tool: 'depcruise',
    expected: 'renderer-has-no-native',
    file: 'renderer/charts/planted-native.ts',
    text: reexport('electron', 'electron'),
  },
  {
    tool: 'depcruise',
    expected: 'only-workers-run-the-engine',
    file: 'electron/main/planted-engine.ts',
    text: reexport('tensor', '../../engine/math/tensor.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'only-store-touches-sqlite',
    file: 'electron/main/planted-sqlite.ts',
    text: reexport('sqlite', 'better-sqlite3'),
  },
  {
    tool: 'depcruise',
    expected: 'contract-is-types-and-constants',
    file: 'electron/contract/planted.ts',
    text: reexport('electron', 'electron'),
  },
  {
    tool: 'depcruise',
    expected: 'nobody-imports-renderer',
    file: 'electron/main/planted-renderer.ts',
    text: reexport('studio', '../../renderer/bridge/studio.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'store-behind-its-worker',
    file: 'electron/main/planted-store.ts',
    text: reexport('store', '../store/open.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'preload-is-a-wire',
    file: 'electron/preload/planted.ts',
    text: reexport('main', '../main/main.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'workers-are-plain-node',
    file: 'electron/store/planted.ts',
    text: reexport('electron', 'electron'),
  },
  {
    tool: 'depcruise',
    expected: 'vue-lives-in-renderer',
    file: 'electron/main/planted-vue.ts',
    text: reexport('vue', 'vue'),
  },
  {
    tool: 'depcruise',
    expected: 'kernels-know-core-only',
    file: 'engine/kernels/planted.ts',
    text: reexport('trainer', '../train/trainer.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'data-below-layers',
    file: 'engine/data/planted.ts',
    text: reexport('trainer', '../train/trainer.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'lab-stands-alone',
    file: 'engine/lab/planted.ts',
    text: reexport('trainer', '../train/trainer.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'layers-below-training',
    file: 'engine/optimizers/planted.ts',
    text: reexport('trainer', '../train/trainer.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'analysis-stands-alone',
    file: 'engine/sweep/analysis/planted.ts',
    text: reexport('sweep', '../sweep.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'renderer-sees-spec-and-contract-only',
    file: 'renderer/sweep/planted-sampler.ts',
    text: reexport('sampler', '../../engine/sweep/sampler.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'sweep-is-arithmetic',
    file: 'engine/sweep/planted.ts',
    text: reexport('trainer', '../train/trainer.ts'),
  },
  {
    tool: 'depcruise',
    expected: 'no-circular',
    file: 'engine/math/planted-cycle.ts',
    text: "import type { Planted } from './planted-cycle-back.ts';\nexport type Back = Planted;\n",
  },
  {
    tool: 'depcruise',
    expected: 'no-circular',
    file: 'engine/math/planted-cycle-back.ts',
    text: "import type { Back } from './planted-cycle.ts';\nexport type Planted = Back;\n",
  },

  {
    tool: 'tsc',
    expected: "Cannot find name 'performance'",
    file: 'engine/math/planted-clock.ts',
    text: 'export const planted = performance.now();\n',
  },
  {
    tool: 'tsc',
    expected: "Cannot find name 'process'",
    file: 'engine/math/planted-process.ts',
    text: 'export const planted = process.env;\n',
  },
  {
    tool: 'tsc',
    expected: "Cannot find name 'document'",
    file: 'electron/main/planted-dom.ts',
    text: 'export const planted = document.title;\n',
  },
  {
    tool: 'tsc',
    expected: "Cannot find name 'process'",
    file: 'renderer/charts/planted-process.ts',
    text: 'export const planted = process.env;\n',
  },
  {
    tool: 'tsc',
    expected: 'erasableSyntaxOnly',
    file: 'engine/math/planted-enum.ts',
    text: 'export enum Planted { A }\n',
  },

  {
    tool: 'eslint',
    expected: 'Rng',
    file: 'engine/math/planted-random.ts',
    text: 'export const planted = Math.random();\n',
  },
  {
    tool: 'eslint',
    expected: 'Clock',
    file: 'engine/math/planted-date.ts',
    text: 'export const planted = Date.now();\n',
  },
  {
    tool: 'eslint',
    expected: 'shallowRef',
    file: 'renderer/charts/planted-ref.ts',
    text: "import { ref } from 'vue';\nexport const planted = ref(0);\n",
  },
  {
    tool: 'eslint',
    expected: 'bridge',
    file: 'renderer/charts/planted-window.ts',
    text: 'export const planted = window.location;\n',
  },
  {
    tool: 'eslint',
    expected: 'no-explicit-any',
    file: 'electron/main/planted-any.ts',
    text: 'export const planted = (value: any): unknown => value;\n',
  },
  {
    tool: 'eslint',
    expected: 'no-floating-promises',
    file: 'electron/main/planted-promise.ts',
    text: 'export function planted(): void {\n  Promise.resolve(1);\n}\n',
  },
];
