import { createTheme, EventBusSrv, type GrafanaTheme2, LoadingState, locationUtil, ThemeContext } from '@grafana/data';
import { config, LocationServiceProvider, locationService, setAppEvents, setTemplateSrv } from '@grafana/runtime';
import { type EmbeddedScene, SceneQueryRunner, sceneGraph, VizPanel } from '@grafana/scenes';
import { GlobalStyles, PortalContainer } from '@grafana/ui';
import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { Router } from 'react-router-dom';
import './style.css';
import { registerSources } from './data-source';
import { registerFieldConfig } from './field-config';
import { registerPlugins } from './plugins';
import { type DashboardFile, isMeasured, sceneOf } from './scene';

/** Variables as they stand, for a link to another dashboard or to this page again. */
function addressOf(scene: EmbeddedScene): string {
  const query = new URLSearchParams();
  for (const { state } of sceneGraph.getVariables(scene).state.variables) {
    const value = (state as { value?: unknown }).value;
    for (const one of Array.isArray(value) ? value : [value]) query.append(`var-${state.name}`, String(one ?? ''));
  }
  const { from, to } = sceneGraph.getTimeRange(scene).state;
  query.set('from', from);
  query.set('to', to);
  if (isDark) query.set('theme', 'dark');
  return query.toString();
}

const isDark = new URLSearchParams(location.search).get('theme') === 'dark';

declare global {
  interface Window {
    /** Asked by whoever takes pictures. */
    previewIsDrawn?: () => boolean;
    /** What went wrong, by panel or picker. */
    previewErrors?: () => string[];
  }
}

/** No picker and no panel waits for an answer. */
function isDrawn(scene: EmbeddedScene): boolean {
  const isSettled = sceneGraph.getVariables(scene).state.variables.every(({ state }) => !state.loading);
  const queries = sceneGraph.findAllObjects(scene, (one) => one instanceof SceneQueryRunner) as SceneQueryRunner[];
  const ended = [LoadingState.Done, LoadingState.Error] as (LoadingState | undefined)[];
  return isSettled && queries.every(({ state }) => ended.includes(state.data?.state));
}

function errorsOf(scene: EmbeddedScene): string[] {
  const pickers = sceneGraph
    .getVariables(scene)
    .state.variables.flatMap(({ state: { name, error } }) =>
      error ? [`${name}: ${typeof error === 'string' ? error : error.message}`] : [],
    );
  const panels = sceneGraph.findAllObjects(scene, (one) => one instanceof VizPanel) as VizPanel[];
  return [
    ...pickers,
    ...panels.flatMap(({ state: { title, $data } }) =>
      ($data?.state.data?.errors ?? []).map(({ message }) => `${title}: ${message}`),
    ),
  ];
}

interface PageProps {
  scene: EmbeddedScene;
  file: DashboardFile;
  theme: GrafanaTheme2;
  /** Panels of services' own figures have nobody to ask. */
  isMute: boolean;
}

function Page({ scene, file, theme, isMute }: PageProps) {
  useEffect(() => {
    const write = () => history.replaceState(null, '', `?${addressOf(scene)}`);
    const subscriptions = [
      ...sceneGraph.getVariables(scene).state.variables.map((one) => one.subscribeToState(write)),
      sceneGraph.getTimeRange(scene).subscribeToState(write),
    ];
    return () => {
      for (const one of subscriptions) one.unsubscribe();
    };
  }, [scene]);
  useEffect(() => {
    window.previewIsDrawn = () => isDrawn(scene);
    window.previewErrors = () => errorsOf(scene);
  }, [scene]);
  const go = (url: string) => location.assign(`${url}?${addressOf(scene)}`);
  return (
    <div
      className="preview-page"
      style={{ background: theme.colors.background.canvas, color: theme.colors.text.primary }}
    >
      <p className="preview-note">
        这是看板预览，不是 Grafana：用 Grafana 公开的组件画已提交的看板文件，数据取自正在运行的
        ClickHouse，没有登录和权限。柱形图、等级时间轴和地图为示意。
        {isMute ? '没有连接 Prometheus：设环境变量 PROMETHEUS_URL 为其地址后重开预览，各图即显示运行指标。' : ''}
      </p>
      <header className="preview-header">
        <h1>{file.title}</h1>
        <nav>
          {file.links.map(({ title, url }) => (
            <button key={url} type="button" onClick={() => go(url)}>
              {title}
            </button>
          ))}
          <button
            type="button"
            onClick={() => {
              const query = new URLSearchParams(addressOf(scene));
              query.set('theme', isDark ? 'light' : 'dark');
              location.assign(`?${query}`);
            }}
          >
            {isDark ? '浅色' : '深色'}
          </button>
        </nav>
      </header>
      <scene.Component model={scene} />
    </div>
  );
}

async function show(): Promise<void> {
  const theme = createTheme({ colors: { mode: isDark ? 'dark' : 'light' } });
  config.theme2 = theme;
  config.bootData.user.language = 'zh-Hans';
  setAppEvents(new EventBusSrv());
  setTemplateSrv({
    replace: (text = '') => text,
    getVariables: () => [],
    containsTemplate: () => false,
    updateTimeRange: () => undefined,
  });
  locationUtil.initialize({
    config: config as never,
    getTimeRangeForUrl: () => ({ from: '', to: '' }) as never,
    getVariablesUrlParams: () => ({}),
  });
  registerFieldConfig();
  registerPlugins();
  registerSources();
  const response = await fetch('/api/dashboards');
  const { dashboards, hasPrometheus } = (await response.json()) as {
    dashboards: DashboardFile[];
    hasPrometheus: boolean;
  };
  const uid = location.pathname.split('/')[2];
  const file = dashboards.find((one) => one.uid === uid);
  const root = createRoot(document.getElementById('root')!);
  if (!file) return root.render(<p className="preview-note">没有看板 {uid}</p>);
  document.title = `${file.title}（预览）`;
  root.render(
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <LocationServiceProvider service={locationService}>
        <Router navigator={locationService.getHistory() as never} location={locationService.getLocation() as never}>
          <Page
            scene={sceneOf(file, hasPrometheus)}
            file={file}
            theme={theme}
            isMute={!hasPrometheus && isMeasured(file)}
          />
          <PortalContainer />
        </Router>
      </LocationServiceProvider>
    </ThemeContext.Provider>,
  );
}

void show();
