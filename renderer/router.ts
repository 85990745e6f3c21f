/** The screens and their addresses. Hash addresses survive a reload under any origin. */

import { createRouter, createWebHashHistory } from 'vue-router';
import DataView from './views/data/DataView.vue';
import RunsView from './views/runs/RunsView.vue';
import SettingsView from './views/settings/SettingsView.vue';

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: '/', redirect: { name: 'runs' } },
    { path: '/runs', name: 'runs', component: RunsView },
    // Charts and the form are the heavy half of the app: they load when first opened.
    { path: '/runs/new', name: 'new-run', component: () => import('./views/new-run/NewRunView.vue') },
    {
      path: '/runs/:id([0-9a-z]{12})/:tab(evaluation)?',
      name: 'run',
      component: () => import('./views/run/RunView.vue'),
      props: true,
    },
    // What differs in a race is asked before it has a page of its own.
    { path: '/race', name: 'race', component: () => import('./views/race/RaceView.vue') },
    { path: '/compare', name: 'compare', component: () => import('./views/compare/CompareListView.vue') },
    {
      path: '/compare/:id([0-9a-z]{12})',
      name: 'comparison',
      component: () => import('./views/compare/CompareView.vue'),
      props: true,
    },
    { path: '/sweeps', name: 'sweeps', component: () => import('./views/sweep/SweepListView.vue') },
    { path: '/sweeps/new', name: 'new-sweep', component: () => import('./views/sweep/NewSweepView.vue') },
    {
      path: '/sweeps/:id([0-9a-z]{12})',
      name: 'sweep',
      component: () => import('./views/sweep/SweepView.vue'),
      props: true,
    },
    { path: '/data', name: 'data', component: DataView },
    { path: '/settings', name: 'settings', component: SettingsView },
    { path: '/:rest(.*)*', redirect: { name: 'runs' } },
  ],
});
