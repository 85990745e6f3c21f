/** Imports that are not TypeScript: the bundler turns them into files of their own. */

declare module '*.css';
