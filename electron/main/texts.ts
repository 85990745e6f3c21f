/** The few words the main process says itself: the native menu and the system's dialogs. */

import type { Settings } from '../contract/settings.ts';

import type { Recovery } from '../contract/store-requests.ts';

export type Language = 'en' | 'zh-CN';

/** The language to speak: the chosen one, or the nearest to the system's. */
export function languageOf(setting: Settings['language'], systemLocale: string): Language {
  if (setting !== 'system') return setting;
  return systemLocale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

const en = {
  file: 'File',
  newRun: 'New run',
  closeWindow: 'Close window',
  quit: 'Quit Descent',
  edit: 'Edit',
  undo: 'Undo',
  redo: 'Redo',
  cut: 'Cut',
  copy: 'Copy',
  paste: 'Paste',
  selectAll: 'Select all',
  view: 'View',
  runs: 'Runs',
  data: 'Data',
  settings: 'Settings',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  actualSize: 'Actual size',
  fullScreen: 'Full screen',
  reload: 'Reload',
  developerTools: 'Developer tools',
  window: 'Window',
  minimize: 'Minimize',
  help: 'Help',
  openDataFolder: 'Show the data folder',
  about: 'About Descent',
  aboutDetail: 'A studio that trains neural networks from scratch.',
  allFiles: 'All files',
  dataTables: 'Data tables (CSV, NPZ)',
  idxImages: 'IDX images',
  idxLabels: 'IDX labels',
  weights: 'Weights',
  runSpec: 'Run spec (JSON)',
  chooseData: 'Choose a data file',
  chooseImages: 'Choose the file of images',
  chooseLabels: 'Choose the file of labels',
  chooseWeights: 'Choose weights to start from',
  openSpec: 'Open a run spec',
  save: 'Save',
  stillTraining: (n: number) => (n === 1 ? 'One run is still training' : `${n} runs are still training`),
  stillTrainingDetail: 'Closing the window does not have to stop them. Every step so far is saved.',
  stillSearching: (n: number) => (n === 1 ? 'One sweep is still searching' : `${n} sweeps are still searching`),
  stillSearchingDetail:
    'Closing the window does not have to stop it. Every epoch so far is saved, and a paused sweep can be resumed.',
  keepTraining: 'Keep training',
  pauseAndClose: 'Pause and close',
  stopAndClose: 'Stop and close',
  cancel: 'Cancel',
  trainsOn: 'Training goes on',
  trainsOnDetail: 'Start Descent again to see the run. It quits by itself when the run has ended.',
  allEnded: 'All runs have ended',
  pageGone: 'The window has stopped working',
  pageGoneDetail: (reason: string) =>
    `Its process ended several times within a minute (${reason}). Training goes on and nothing is lost.`,
  reloadWindow: 'Reload the window',
  quitNow: 'Save and quit',
  cannotStart: 'Descent cannot start',
  wasDamaged: (whatBecameOfIt: string) => `The database was damaged: ${whatBecameOfIt}`,
  /** A database was damaged and has been put right. */
  recovered: ({ source, runs, madeAt, keptAs, lostCurves, lostCheckpoints }: Recovery): string => {
    const from = {
      salvage: `${runs} ${runs === 1 ? 'run' : 'runs'} could be read from the damaged database and are here again`,
      backup: `the backup of ${new Date(madeAt ?? 0).toLocaleString('en')} with ${runs} runs was put in its place`,
      nothing: 'nothing could be read from it and there is no backup, so a new one was begun',
    }[source];
    const lost =
      lostCurves + lostCheckpoints === 0 ? '' : ` (without ${lostCurves} curves and ${lostCheckpoints} checkpoints)`;
    return `${from}${lost}; the damaged file is kept as ${keptAs}`;
  },
  sandboxOff: {
    root: 'Chromium’s sandbox is off (running as root)',
    switch: 'Chromium’s sandbox is off (started with --no-sandbox)',
  },
};

export type Texts = typeof en;

const zh: Texts = {
  file: '文件',
  newRun: '新建训练',
  closeWindow: '关闭窗口',
  quit: '退出 Descent',
  edit: '编辑',
  undo: '撤销',
  redo: '重做',
  cut: '剪切',
  copy: '复制',
  paste: '粘贴',
  selectAll: '全选',
  view: '视图',
  runs: '训练',
  data: '数据',
  settings: '设置',
  zoomIn: '放大',
  zoomOut: '缩小',
  actualSize: '实际大小',
  fullScreen: '全屏',
  reload: '重新加载',
  developerTools: '开发者工具',
  window: '窗口',
  minimize: '最小化',
  help: '帮助',
  openDataFolder: '显示数据文件夹',
  about: '关于 Descent',
  aboutDetail: '从零开始训练神经网络的工作室。',
  allFiles: '所有文件',
  dataTables: '数据表（CSV、NPZ）',
  idxImages: 'IDX 图像',
  idxLabels: 'IDX 标签',
  weights: '权重',
  runSpec: '训练配置（JSON）',
  chooseData: '选择数据文件',
  chooseImages: '选择图像文件',
  chooseLabels: '选择标签文件',
  chooseWeights: '选择初始权重',
  openSpec: '打开训练配置',
  save: '保存',
  stillTraining: (n) => `还有 ${n} 个训练正在进行`,
  stillTrainingDetail: '关闭窗口不必停止训练。到目前为止的每一步都已保存。',
  stillSearching: (n) => `还有 ${n} 个超参数搜索正在进行`,
  stillSearchingDetail: '关闭窗口不必停止搜索。到目前为止的每个周期都已保存，暂停的搜索之后可以继续。',
  keepTraining: '继续训练',
  pauseAndClose: '暂停并关闭',
  stopAndClose: '停止并关闭',
  cancel: '取消',
  trainsOn: '训练仍在进行',
  trainsOnDetail: '再次启动 Descent 即可查看。训练结束后它会自动退出。',
  allEnded: '所有训练都已结束',
  pageGone: '窗口已停止工作',
  pageGoneDetail: (reason) => `窗口进程在一分钟内多次结束（${reason}）。训练仍在进行，没有任何丢失。`,
  reloadWindow: '重新加载窗口',
  quitNow: '保存并退出',
  cannotStart: 'Descent 无法启动',
  wasDamaged: (whatBecameOfIt) => `数据库曾损坏：${whatBecameOfIt}`,
  recovered: ({ source, runs, madeAt, keptAs, lostCurves, lostCheckpoints }) => {
    const from = {
      salvage: `已从损坏的数据库中读出 ${runs} 个训练`,
      backup: `已恢复 ${new Date(madeAt ?? 0).toLocaleString('zh-CN')} 的备份，含 ${runs} 个训练`,
      nothing: '未能读出任何内容，也没有备份，已新建数据库',
    }[source];
    const lost =
      lostCurves + lostCheckpoints === 0 ? '' : `（缺少 ${lostCurves} 条曲线和 ${lostCheckpoints} 个检查点）`;
    return `${from}${lost}；损坏的文件保留为 ${keptAs}`;
  },
  sandboxOff: {
    root: 'Chromium 沙盒已关闭（以 root 身份运行）',
    switch: 'Chromium 沙盒已关闭（以 --no-sandbox 启动）',
  },
};

const TEXTS: Readonly<Record<Language, Texts>> = { en, 'zh-CN': zh };

export function textsOf(language: Language): Texts {
  return TEXTS[language];
}
