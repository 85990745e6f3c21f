/**
 * Every `data-testid` the end-to-end tests rely on. The renderer writes these strings in its templates; tests
 * use them through this table only. Names are stable, language-independent and describe what a thing is.
 *
 * Rules
 * - The test id sits on the element a person operates: the `<input>`, the `<button>`, the select's trigger.
 * - A select's choices carry `option-<value>` with the value as the run spec writes it (`option-adam`), also when
 *   they are rendered in a portal.
 * - What shows a number also carries it in full as `data-value` (`<span data-value="481">481</span>`); missing is `''`.
 * - What shows a state carries `data-status` with the word of engine/spec/run-status.ts.
 * - An error below a field is the field's id plus `-error`; it exists only while there is an error.
 * - A page's outermost element carries its `page-…` id; it exists once the page has its data.
 *
 * Charts draw on a canvas, so each one can show its data as a table (the `…` menu, "Table"). Tests read that table:
 * no hook in `window`, and people who cannot see the chart use the same way. For a chart with id `chart-loss`:
 * - `chart-loss-menu` opens the menu, `chart-loss-menu-table` switches the table on and off, `chart-loss-table` is a
 *   `<table>` of exactly the points drawn: one `<tr data-step="481">` a step, one `<td data-series="train"
 *   data-value="0.1037">` a series with a point there (series: `train`, `validation`, `batch`; the raw batch points,
 *   not the smoothed ones; the value in full, `String(value)`).
 * - The histogram panel's table is one `<table data-testid="histogram-<layer>-table" data-step="312"
 *   data-kind="weights">` a layer for the step looked at: `<tr data-bin="0">` with `<td data-series="low|high|count"
 *   data-value="…">`.
 */
export const TEST_ID = {
  // Frame
  navRuns: 'nav-runs',
  navCompare: 'nav-compare',
  navSweeps: 'nav-sweeps',
  navData: 'nav-data',
  navSettings: 'nav-settings',
  /** One running run in the navigation; carries `data-run-id`. */
  navLiveRun: 'nav-live-run',
  statusBar: 'status-bar',
  /** Exists only while something could not be saved. */
  statusNotSaved: 'status-not-saved',
  statusRetry: 'status-retry',
  statusKernels: 'status-kernels',
  /** "2 running": `data-value` is the number. */
  statusRunning: 'status-running',
  /** A line on something a person should know (sandbox off, read-only profile). */
  warning: 'warning',

  // Pages
  pageRuns: 'page-runs',
  pageNewRun: 'page-new-run',
  /** Carries `data-run-id`. */
  pageRun: 'page-run',
  /** List of races and comparisons. */
  pageCompare: 'page-compare',
  /** One of them; carries `data-comparison-id`. */
  pageComparison: 'page-comparison',
  /** Set-up of a race. */
  pageRace: 'page-race',
  /** List of sweeps. */
  pageSweeps: 'page-sweeps',
  pageNewSweep: 'page-new-sweep',
  /** Carries `data-sweep-id`. */
  pageSweep: 'page-sweep',
  pageData: 'page-data',
  pageSettings: 'page-settings',

  // Runs
  newRun: 'new-run',
  runsEmpty: 'runs-empty',
  /** The one click of the empty state: trains the book's net on the digits. */
  emptyTrainDigits: 'empty-train-digits',
  emptyNewRun: 'empty-new-run',
  runsTable: 'runs-table',
  /** One row; carries `data-run-id` and `data-status`. A click on its name opens the run. */
  runRow: 'run-row',
  runRowName: 'run-row-name',
  runRowCheck: 'run-row-check',
  /** Text field that appears on F2. */
  runRowRename: 'run-row-rename',
  /** `run-row-<column>` cells carry `data-value` where they show a number. */
  runRowStatus: 'run-row-status',
  runRowAccuracy: 'run-row-accuracy',
  runsSearch: 'runs-search',
  /** Column heads: `runs-sort-name`, `-status`, `-data`, `-model`, `-optimizer`, `-lr`, `-accuracy`, `-duration`; carry `aria-sort`. */
  runsSort: (column: string) => `runs-sort-${column}`,
  runsTabAll: 'runs-tab-all',
  runsTabTrash: 'runs-tab-trash',
  runsTab: (tab: 'all' | 'starred' | 'archived' | 'trash') => `runs-tab-${tab}`,
  /** One tag of a row. */
  runRowTag: 'run-row-tag',
  /** Carries `aria-pressed`; hidden until the pointer or the cursor is on its row. */
  runRowStar: 'run-row-star',
  /** Only where there are notes. */
  runRowNotes: 'run-row-notes',
  runRowCell: (column: string) => `run-row-${column}`,
  /** Rows shown, `data-value`. */
  runsCount: 'runs-count',
  /** The query as it is drawn below the invisible letters of its field. */
  queryPainted: 'query-painted',
  queryClear: 'query-clear',
  queryCompletion: 'query-completion',
  queryProblem: 'query-problem',
  queryRepair: 'query-repair',
  runsColumns: 'runs-columns',
  columnsMenu: 'columns-menu',
  columnShown: (column: string) => `column-${column}-shown`,
  columnUp: (column: string) => `column-${column}-up`,
  /** The edge of a head that sets the width. */
  runsResize: (column: string) => `runs-resize-${column}`,
  tagEditor: 'tag-editor',
  tagInput: 'tag-input',
  /** Carries `data-tag` and `data-state` (`all`, `some`, `none`). */
  tagChoice: 'tag-choice',
  notesPanel: 'notes-panel',
  notesArea: 'notes-area',
  notesText: 'notes-text',
  menuArchive: 'menu-archive',
  menuNotes: 'menu-notes',
  menuColor: 'menu-color',
  colorChoice: (color: number) => `color-${color}`,
  projectEditor: 'project-editor',
  projectFilter: 'project-filter',
  projectChoice: (name: string) => `project-filter-${name}`,
  selectionTag: 'selection-tag',
  selectionArchive: 'selection-archive',
  selectionUnarchive: 'selection-unarchive',
  selectionBar: 'selection-bar',
  selectionDelete: 'selection-delete',
  selectionRestore: 'selection-restore',
  selectionPurge: 'selection-purge',

  // New run
  formName: 'form-name',
  /** Presets: `form-preset-book`, `form-preset-six-layer`, `form-preset-regression`. */
  formPreset: (name: 'book' | 'six-layer' | 'regression') => `form-preset-${name}`,
  formDataSource: 'form-data-source',
  /** Opens the system's dialog for a file of one's own. */
  formDataFile: 'form-data-file',
  formDataPreview: 'form-data-preview',
  formNormalize: (value: 'none' | 'unit' | 'standardize') => `form-normalize-${value}`,
  formValidation: 'form-validation',
  formTest: 'form-test',
  formLimit: 'form-limit',
  formBatchSize: 'form-batch-size',
  formSampling: 'form-sampling',
  /** Layers count from 0, as in `model.layers` of the spec. */
  formLayer: (layer: number) => `form-layer-${layer}`,
  formLayerType: (layer: number) => `form-layer-${layer}-type`,
  /** Any setting by its spec name: units, init, rate, filters, kernel, stride, padding … */
  formLayerField: (layer: number, field: string) => `form-layer-${layer}-${field}`,
  formLayerOutput: (layer: number) => `form-layer-${layer}-output`,
  formLayerParameters: (layer: number) => `form-layer-${layer}-parameters`,
  formLayerRemove: (layer: number) => `form-layer-${layer}-remove`,
  formLayerUp: (layer: number) => `form-layer-${layer}-up`,
  formLayerDown: (layer: number) => `form-layer-${layer}-down`,
  formAddLayer: 'form-add-layer',
  formLoss: 'form-loss',
  formOptimizer: 'form-optimizer',
  formLr: 'form-lr',
  /** Any setting of the optimizer by its spec name: momentum, rho, beta1, beta2, epsilon, weightDecay, clipNorm. */
  formOptimizerField: (field: string) => `form-optimizer-${field}`,
  formSchedule: 'form-schedule',
  formScheduleField: (field: string) => `form-schedule-${field}`,
  formEpochs: 'form-epochs',
  formSteps: 'form-steps',
  formSeed: 'form-seed',
  formInitialWeights: 'form-initial-weights',
  formInitialWeightsClear: 'form-initial-weights-clear',
  formOpenJson: 'form-open-json',
  formSaveJson: 'form-save-json',
  /** "1 problem: layer 6"; exists only while something is wrong. */
  formProblems: 'form-problems',
  /** Total number of parameters, `data-value`. */
  formParameters: 'form-parameters',
  formTrain: 'form-train',
  /** Where a fork goes on from. */
  formFork: 'form-fork',
  /** The error below a field. */
  fieldError: (field: string) => `${field}-error`,
  /** A choice of an open select. */
  option: (value: string) => `option-${value}`,

  // Run
  runTitle: 'run-title',
  /** Carries `data-status`. */
  runStatus: 'run-status',
  runPause: 'run-pause',
  runResume: 'run-resume',
  runStep: 'run-step',
  runStop: 'run-stop',
  /** Goes on with an interrupted or stopped run. */
  runContinue: 'run-continue',
  runDuplicate: 'run-duplicate',
  runMore: 'run-more',
  /** In the menu of `runMore`. */
  runCheckpoints: 'run-checkpoints',
  runRepeat: 'run-repeat',
  /** One checkpoint of the dialog; carries `data-step`. */
  checkpoint: 'checkpoint',
  checkpointFork: 'checkpoint-fork',
  /** Carries `aria-pressed`. */
  checkpointKeep: 'checkpoint-keep',
  /** The run it comes from; carries `data-run-id`. */
  runOrigin: 'run-origin',
  /** What came of the last resume; carries `data-steps` and `data-identical` once that is known. */
  runVerified: 'run-verified',
  /** How it compares with the run it repeats; carries `data-identical`. */
  runRepeated: 'run-repeated',
  /** Steps done, `data-value`. */
  runStepCounter: 'run-step-counter',
  /** Epoch, `data-value`. */
  runEpochCounter: 'run-epoch-counter',
  runProgress: 'run-progress',
  runTimeLeft: 'run-time-left',
  runSamplesPerSecond: 'run-samples-per-second',
  runBestAccuracy: 'run-best-accuracy',
  runMessage: 'run-message',
  /** The first repair of a diverged run. */
  runRepair: 'run-repair',
  chartLoss: 'chart-loss',
  chartAccuracy: 'chart-accuracy',
  chartMenu: (chart: string) => `${chart}-menu`,
  chartMenuTable: (chart: string) => `${chart}-menu-table`,
  chartTable: (chart: string) => `${chart}-table`,
  /** x axis for all charts of the page. */
  /** A select: its choices are `option-step`, `-epoch`, `-samples`, `-time`, `-wall`. */
  axis: 'axis',
  histogramPanel: 'histogram-panel',
  histogramMenu: 'histogram-panel-menu',
  histogramMenuTable: 'histogram-panel-menu-table',
  /** One drawing a layer with weights; `layer` is the position in the expanded layer list, as in HistogramFrame. */
  histogram: (layer: number) => `histogram-${layer}`,
  histogramTable: (layer: number) => `histogram-${layer}-table`,
  histogramKind: (kind: 'weights' | 'biases' | 'gradients' | 'activations') => `histogram-kind-${kind}`,
  histogramView: (view: 'ridgeline' | 'heat-map') => `histogram-view-${view}`,
  /** Slider (`role="slider"`, aria-valuenow = the step looked at, aria-valuemin 0). */
  stepSlider: 'step-slider',
  followLive: 'follow-live',
  /** Lights of the layers; its table is `health-table`: `<tr data-layer data-level>` with `<td data-series data-value>`. */
  healthPanel: 'health-panel',
  healthTable: 'health-table',
  healthWords: 'health-words',
  divergedGradient: 'diverged-gradient',
  /** The charts of every layer in place of the panels, and back. */
  healthOpen: 'health-open',
  healthClose: 'health-close',
  healthCharts: 'health-charts',
  /** One layer's row of charts; carries `data-layer` and `data-level`. */
  healthRow: 'health-row',
  formHealth: 'form-health',
  confusionMatrix: 'confusion-matrix',
  /** Cells carry `data-value`; `confusion-<true>-<predicted>`. */
  confusionCell: (truth: number, predicted: number) => `confusion-${truth}-${predicted}`,
  evaluationSplit: (split: 'train' | 'validation' | 'test') => `evaluation-split-${split}`,
  /** The evaluation of a run. `evaluation` carries `data-phase`, and when ready `data-step` and `data-split`. */
  runTab: (tab: 'training' | 'evaluation') => `run-tab-${tab}`,
  evaluation: 'evaluation',
  evaluationWeights: 'evaluation-weights',
  evaluationOpenTest: 'evaluation-open-test',
  /** Looks at the test split so far, `data-value`; not there before the first. */
  testOpenings: 'test-openings',
  /** Figures of the strip: accuracy, macro-f1, loss, r2, rmse, mae; `data-value`. */
  reportFigure: (name: string) => `report-${name}`,
  confusionShows: (what: 'counts' | 'rows' | 'columns') => `confusion-shows-${what}`,
  /** One row a class, with `data-class`; inside `precision`, `recall`, `f1`, `support`. */
  classScore: 'class-score',
  /** Carries `data-count`. */
  gallery: 'gallery',
  galleryAll: 'gallery-all',
  galleryMore: 'gallery-more',
  galleryMenu: 'gallery-menu',
  galleryCsv: 'gallery-csv',
  residuals: 'residuals',
  worstRows: 'worst-rows',
  predictionsPanel: 'predictions-panel',
  prediction: 'prediction',
  runExport: 'run-export',
  exportFormat: (format: 'npz' | 'safetensors' | 'onnx' | 'json') => `export-${format}`,

  // Race set-up
  /** "Race…" of the form. */
  formRace: 'form-race',
  raceName: 'race-name',
  raceSeeds: 'race-seeds',
  /** Heads under which lanes are chosen. */
  differs: (what: 'optimizer' | 'lr' | 'init' | 'batch' | 'setting') => `differs-${what}`,
  raceOptimizer: (type: string) => `race-optimizer-${type}`,
  raceOptimizerLr: (type: string) => `race-optimizer-${type}-lr`,
  raceRates: 'race-rates',
  /** One lane; carries `data-lane` (its name) and `data-key`. Inside: `race-lane-name`, `-up`, `-down`, `-drop`, `-problem`. */
  raceLane: 'race-lane',
  raceLaneName: 'race-lane-name',
  raceLaneUp: 'race-lane-up',
  raceLaneProblem: 'race-lane-problem',
  /** Runs and steps of the whole race, `data-value`. */
  raceRuns: 'race-runs',
  raceSteps: 'race-steps',
  raceProblem: 'race-problem',
  raceStart: 'race-start',
  /** On the list of races, also while it is empty. */
  newRace: 'new-race',
  racePresetBook: 'race-preset-book',
  /** Takes what the lanes share to the form. */
  raceChange: 'race-change',

  // Race or comparison
  comparisonTitle: 'comparison-title',
  comparisonTitleField: 'comparison-title-field',
  /** "2 of 5 ended"; exists only while a lane trains. */
  comparisonProgress: 'comparison-progress',
  comparisonMore: 'comparison-more',
  comparisonRemove: 'comparison-remove',
  /** Adds a lane to a race, runs to a comparison. */
  comparisonAdd: 'comparison-add',
  comparisonStop: 'comparison-stop',
  raceAgain: 'race-again',
  /** Carries `data-state` (same, differs, unknown) and the whole hash of the first lane as `data-hash`. */
  fair: (thing: 'initialWeights' | 'batches' | 'split') => `fair-${thing}`,
  /** Charts with a table each, as on a run's page; series are called as the lanes are. */
  compareTraining: 'compare-training',
  compareValidation: 'compare-validation',
  measure: (measure: 'accuracy' | 'loss') => `measure-${measure}`,
  band: 'band',
  goal: 'goal',
  /** One lane; carries `data-lane`, `data-status` and `data-rank`. Inside: `result-steps`, `-best`, `-loss` with `data-value`. */
  resultRow: 'result-row',
  resultSteps: 'result-steps',
  resultBest: 'result-best',
  resultLoss: 'result-loss',
  resultTie: 'result-tie',
  resultStopped: 'result-stopped',
  /** What the paired test says about a lane. */
  resultTest: 'result-test',
  resultSentence: 'result-sentence',
  laneMenu: 'lane-menu',
  laneBaseline: 'lane-baseline',
  /** Shows and hides a lane, `aria-pressed`. */
  laneEye: 'lane-eye',
  settingsTable: 'settings-table',
  /** One setting; carries `data-path`. */
  settingRow: 'setting-row',
  differencesOnly: 'differences-only',
  compareRow: 'compare-row',
  selectionCompare: 'selection-compare',

  // Sweeps
  newSweep: 'new-sweep',
  sweepsEmpty: 'sweeps-empty',
  /** The one click of the empty state: a small search on pictures of the app. */
  sweepsStartBook: 'sweeps-start-book',
  /** One sweep of the list; carries `data-sweep-id` and `data-status`. Inside: `sweep-row-name`, `-pause`, `-resume`, `-trash` … */
  sweepRow: 'sweep-row',
  sweepRowName: 'sweep-row-name',
  sweepRowTrash: 'sweep-row-trash',

  // Form of a sweep
  sweepName: 'sweep-name',
  sweepPreset: (name: 'book' | 'tpe-asha' | 'optimizer-grid') => `sweep-preset-${name}`,
  /** A select whose choices are the paths of the base's fields. */
  sweepAddParam: 'sweep-add-param',
  /** One parameter; carries `data-path`. Its message is `sweep-param-issue` inside. */
  sweepParam: 'sweep-param',
  sweepParamIssue: 'sweep-param-issue',
  sweepParamField: (field: 'type' | 'min' | 'max' | 'step' | 'values', path: string) => `sweep-param-${field}-${path}`,
  sweepRepair: (code: string) => `sweep-repair-${code}`,
  sweepBaseEdit: 'sweep-base-edit',
  sweepBaseDone: 'sweep-base-done',
  sweepSampler: 'sweep-sampler',
  sweepPruner: 'sweep-pruner',
  /** A field of the budget: trials, epochsPerTrial, maxMinutes, seed, seedsPerTrial, workers. */
  sweepBudget: (field: string) => `sweep-${field}`,
  /** Trials in all, `data-value`. */
  sweepTotalTrials: 'sweep-total-trials',
  sweepProblems: 'sweep-problems',
  sweepStart: 'sweep-start',

  // Sweep
  /** Carries `data-status` with the word of engine/spec/sweep-status.ts. */
  sweepStatus: 'sweep-status',
  /** Trials that have ended, `data-value`. */
  sweepEnded: 'sweep-ended',
  sweepBest: 'sweep-best',
  /** How often the test split was opened, `data-value`. */
  sweepOpenings: 'sweep-openings',
  sweepPause: 'sweep-pause',
  sweepResume: 'sweep-resume',
  sweepStop: 'sweep-stop',
  sweepMore: 'sweep-more',
  sweepExport: 'sweep-export',
  sweepExportCsv: 'sweep-export-csv',
  sweepPromoteBest: 'sweep-promote-best',
  /** What the latest promotion gave. */
  sweepPromotion: 'sweep-promotion',
  leaderboard: 'leaderboard',
  leaderFilter: 'leader-filter',
  trialsSearch: 'trials-search',
  /** Trials shown, `data-value`. */
  trialsCount: 'trials-count',
  leaderCompare: 'leader-compare',
  leaderQueue: 'leader-queue',
  /** One trial; carries `data-trial`, `data-status` and `data-rank`. Its cells of parameters carry `data-param` and `data-value`. */
  trialRow: 'trial-row',
  trialScore: 'trial-score',
  /** In the menu of a trial. */
  trialStop: 'trial-stop',
  trialRetry: 'trial-retry',
  trialExport: 'trial-export',
  /** A round of narrow waits for somebody to look at its ranges. */
  sweepRoundLook: 'sweep-round-look',
  narrowField: (bound: 'min' | 'max', path: string) => `narrow-${bound}-${path}`,
  narrowSave: 'narrow-save',
  dialogQueue: 'dialog-queue',
  queueField: (path: string) => `queue-${path}`,
  queueAdd: 'queue-add',
  queueItem: 'queue-item',
  queueUp: 'queue-up',

  // Analysis of a sweep; each chart is its own id for `chartMenu` and `chartTable`
  sweepAnalysis: 'sweep-analysis',
  analysisParallel: 'analysis-parallel',
  analysisHistory: 'analysis-history',
  analysisCurves: 'analysis-curves',
  analysisImportance: 'analysis-importance-panel',
  /** Which chart a panel shows. */
  analysisView: (view: 'history' | 'curves' | 'timeline' | 'importance' | 'slices' | 'scatter' | 'contour') =>
    `analysis-view-${view}`,

  // Data
  dataSetRow: (source: string) => `data-set-${source}`,
  dataPreview: 'data-preview',

  // Settings
  settingsTheme: (theme: 'system' | 'light' | 'dark') => `settings-theme-${theme}`,
  settingsLanguage: (language: 'system' | 'en' | 'zh-CN') => `settings-language-${language}`,
  settingsKernels: 'settings-kernels',
  settingsWorkers: 'settings-workers',
  settingsDatabasePath: 'settings-database-path',

  // Overlays
  toast: 'toast',
  toastAction: 'toast-action',
  /** "2 runs are still training": the question when the window closes; its Cancel is `dialog-cancel`. */
  dialogClosing: 'dialog-close-training',
  closingKeep: 'close-keep',
  closingPause: 'close-pause',
  closingStop: 'close-stop',
  /** Any other dialog: the safe and the other button. */
  dialogCancel: 'dialog-cancel',
  dialogConfirm: 'dialog-confirm',
  /** Shown in place of a page whose data could not be read. */
  pageError: 'page-error',
} as const;
