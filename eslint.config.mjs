// What types cannot say: purity of the engine, shallow reactivity in the renderer, no lost promises.
import tseslint from 'typescript-eslint';
import vue from 'eslint-plugin-vue';
import vueParser from 'vue-eslint-parser';

const typed = {
  languageOptions: {
    parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'] },
  },
};

/** Rules for every TypeScript line we write. */
const everywhere = {
  files: ['engine/**/*.ts', 'electron/**/*.ts', 'renderer/**/*.{ts,vue}', 'test/**/*.ts'],
  plugins: { '@typescript-eslint': tseslint.plugin },
  rules: {
    '@typescript-eslint/no-explicit-any': 'error',
    '@typescript-eslint/no-floating-promises': 'error',
    '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    '@typescript-eslint/await-thenable': 'error',
    '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    '@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true, boolean: true } }],
    '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
    '@typescript-eslint/only-throw-error': 'error',
    'no-empty': ['error', { allowEmptyCatch: false }],
    'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
    eqeqeq: 'error',
    'no-console': 'off',
    'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
  },
};

/** Ambient time, randomness and I/O are inputs of the engine, never things it reaches for. */
const enginePurity = {
  files: ['engine/**/*.ts'],
  rules: {
    'no-restricted-properties': [
      'error',
      { object: 'Math', property: 'random', message: 'Take a seeded Rng as a parameter.' },
      { object: 'Date', property: 'now', message: 'Take a Clock as a parameter.' },
    ],
    'no-restricted-syntax': [
      'error',
      { selector: "NewExpression[callee.name='Date']", message: 'Take a Clock as a parameter.' },
    ],
  },
};

/** Charts and live series hold big data: make deep reactivity a decision someone typed out. */
const rendererReactivity = {
  files: ['renderer/**/*.ts', 'renderer/**/*.vue'],
  rules: {
    // Matches the call, not the import, so `import { ref as deepRef }` stays legal and visible.
    'no-restricted-syntax': [
      'error',
      {
        selector: 'CallExpression[callee.name=/^(ref|reactive)$/]',
        message: 'Use shallowRef(); for small form state: import { ref as deepRef }.',
      },
    ],
    'no-restricted-globals': [
      'error',
      { name: 'window', message: 'Only renderer/bridge/studio.ts touches window.studio.' },
    ],
  },
};

export default tseslint.config(
  { ignores: ['out/**', 'dist/**', 'node_modules/**', 'resources/**', '**/*.mjs', '**/*.cjs', '*.config.ts'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser }, ...typed },
  ...vue.configs['flat/recommended'].map((config) => ({ ...config, files: ['renderer/**/*.vue'] })),
  {
    files: ['renderer/**/*.vue'],
    languageOptions: {
      parser: vueParser,
      parserOptions: { parser: tseslint.parser, ...typed.languageOptions.parserOptions },
    },
    rules: {
      // Layout of templates is the formatter's business.
      'vue/max-attributes-per-line': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/no-v-html': 'error',
      // Constant styles end up as attributes in static HTML, which the security policy refuses: use a class.
      'vue/no-static-inline-styles': ['error', { allowBinding: false }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
    },
  },
  {
    files: ['**/*.ts'],
    languageOptions: { parser: tseslint.parser, ...typed.languageOptions },
  },
  everywhere,
  enginePurity,
  rendererReactivity,
  { files: ['renderer/bridge/**'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['test/**/*.ts'], rules: { 'max-lines': 'off' } },
);
