import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { Frame } from './frame/Frame';
import { Fault, NotFound } from './frame/Lost';
import { Loading } from './frame/State';
import * as search from './search';

// The address of a view holds everything that it shows: it can be sent to somebody else.
const root = createRootRoute({ component: Frame, notFoundComponent: NotFound, errorComponent: Fault });

const tree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/', validateSearch: search.home, component: lazyRouteComponent(() => import('./views/public/Public'), 'Public') }),
  createRoute({ getParentRoute: () => root, path: '/verify', validateSearch: search.verify, component: lazyRouteComponent(() => import('./views/verify/Verify'), 'Verify') }),
  createRoute({ getParentRoute: () => root, path: '/rules', validateSearch: search.rules, component: lazyRouteComponent(() => import('./views/rules/Rules'), 'Rules') }),
  createRoute({ getParentRoute: () => root, path: '/dictionary', validateSearch: search.dictionary, component: lazyRouteComponent(() => import('./views/dictionary/Dictionary'), 'Dictionary') }),
  createRoute({ getParentRoute: () => root, path: '/owed', validateSearch: search.owed, component: lazyRouteComponent(() => import('./views/owed/Owed'), 'Owed') }),
  createRoute({ getParentRoute: () => root, path: '/new', component: lazyRouteComponent(() => import('./views/form/Choose'), 'Choose') }),
  createRoute({ getParentRoute: () => root, path: '/new/accident', validateSearch: search.form, component: lazyRouteComponent(() => import('./views/declaration/Declaration'), 'Declaration') }),
  createRoute({ getParentRoute: () => root, path: '/new/annex-xii', validateSearch: search.form, component: lazyRouteComponent(() => import('./views/annexxii/AnnexXII'), 'AnnexXII') }),
  createRoute({ getParentRoute: () => root, path: '/new/$kind', validateSearch: search.form, component: lazyRouteComponent(() => import('./views/form/Form'), 'Form') }),
  createRoute({ getParentRoute: () => root, path: '/reports', validateSearch: search.reports, component: lazyRouteComponent(() => import('./views/reports/Reports'), 'Reports') }),
  createRoute({ getParentRoute: () => root, path: '/reports/$id', validateSearch: search.history, component: lazyRouteComponent(() => import('./views/history/History'), 'History') }),
  createRoute({ getParentRoute: () => root, path: '/receipts/$no', validateSearch: search.receipt, component: lazyRouteComponent(() => import('./views/receipt/Receipt'), 'Receipt') }),
  createRoute({ getParentRoute: () => root, path: '/attainment', validateSearch: search.attainment, component: lazyRouteComponent(() => import('./views/attainment/Attainment'), 'Attainment') }),
  createRoute({ getParentRoute: () => root, path: '/targets/$id', validateSearch: search.attainment, component: lazyRouteComponent(() => import('./views/target/Target'), 'Target') }),
  createRoute({ getParentRoute: () => root, path: '/missing', validateSearch: search.missing, component: lazyRouteComponent(() => import('./views/missing/Missing'), 'Missing') }),
  createRoute({ getParentRoute: () => root, path: '/trends', validateSearch: search.trends, component: lazyRouteComponent(() => import('./views/trends/Trends'), 'Trends') }),
  createRoute({ getParentRoute: () => root, path: '/records', validateSearch: search.records, component: lazyRouteComponent(() => import('./views/records/Records'), 'Records') }),
  createRoute({ getParentRoute: () => root, path: '/records/$id', component: lazyRouteComponent(() => import('./views/records/Record'), 'Record') }),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  defaultPendingComponent: () => <Loading height={400} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
