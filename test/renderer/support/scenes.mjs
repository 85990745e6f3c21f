// Screens worth looking at. `act` brings the page where it should be.
const zh = { settings: { language: 'zh-CN' } };
const selectThree = async (page) => {
  const boxes = page.getByTestId('run-row-check');
  for (const row of [3, 4, 6]) await boxes.nth(row).click();
};

export const SCENES = [
  { name: 'runs-light', act: selectThree },
  { name: 'runs-dark', scheme: 'dark', act: selectThree },
  { name: 'runs-light-zh', options: zh, act: selectThree },
  { name: 'runs-light-1920', width: 1920, height: 1080 },
  { name: 'runs-dark-1000', width: 1000, height: 700, scheme: 'dark' },
  { name: 'runs-search', act: (page) => page.getByTestId('runs-search').fill('adam digits') },
  { name: 'runs-no-match', act: (page) => page.getByTestId('runs-search').fill('nothing like it') },
  { name: 'runs-empty-light', options: { runs: 0 } },
  { name: 'runs-empty-dark-zh', scheme: 'dark', options: { runs: 0, ...zh } },
  {
    name: 'runs-error',
    options: { failing: { 'run:list': 'descent.db: file is not a database' } },
    act: (page) => page.getByText('Details').click(),
  },
  { name: 'runs-loading', options: { silent: ['run:list'] } },
  {
    name: 'runs-menu',
    act: async (page) => {
      await page.getByTestId('run-row').nth(5).click({ button: 'right' });
    },
  },
  {
    name: 'runs-rename-dark',
    scheme: 'dark',
    act: async (page) => {
      await page
        .getByTestId('run-row')
        .nth(4)
        .click({ position: { x: 600, y: 10 } });
      await page.keyboard.press('F2');
    },
  },
  {
    name: 'runs-deleted',
    act: async (page) => {
      await page
        .getByTestId('run-row')
        .nth(5)
        .click({ position: { x: 600, y: 10 } });
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Shift+ArrowDown');
      await page.keyboard.press('Delete');
    },
  },
  { name: 'trash-light', path: '#/runs?tab=trash' },
  {
    name: 'trash-purge-dark',
    scheme: 'dark',
    path: '#/runs?tab=trash',
    act: (page) => page.getByTestId('empty-trash').click(),
  },
  {
    name: 'palette-light',
    act: async (page) => {
      await page.keyboard.press('Control+k');
      await page.keyboard.type('adam');
    },
  },
  {
    name: 'palette-dark-zh',
    scheme: 'dark',
    options: zh,
    act: async (page) => {
      await page.keyboard.press('Control+k');
    },
  },
  { name: 'keys-light', act: (page) => page.keyboard.press('?') },
  { name: 'keys-dark-zh', scheme: 'dark', options: zh, act: (page) => page.keyboard.press('?') },
  { name: 'folded-light', options: { settings: { navigationFolded: true } } },
  { name: 'closing-light', options: { notices: [{ kind: 'close-requested', running: 2 }] } },
  { name: 'closing-dark-zh', scheme: 'dark', options: { ...zh, notices: [{ kind: 'close-requested', running: 2 }] } },
  {
    name: 'toasts-light',
    options: {
      notices: [
        { kind: 'run-ended', id: '000000000001', name: 'adam-lr0.001-bs100 #148', status: 'completed' },
        { kind: 'run-ended', id: '000000000002', name: 'momentum-lr1.2-bs100 #138', status: 'diverged' },
        { kind: 'problem', code: 'disk_full', message: 'cannot write to descent.db: no space left', id: null },
      ],
    },
  },
  { name: 'data-light', path: '#/data' },
  { name: 'data-dark-zh', path: '#/data', scheme: 'dark', options: zh },
  { name: 'data-light-1920', path: '#/data', width: 1920, height: 1080 },
  { name: 'settings-light', path: '#/settings' },
  {
    name: 'settings-dark-zh',
    path: '#/settings',
    scheme: 'dark',
    options: {
      ...zh,
      info: {
        warnings: ['Chromium’s sandbox is off (running as root)'],
        kernelsNote: 'no C compiler found; WebAssembly kernels are in use',
      },
    },
  },
];
