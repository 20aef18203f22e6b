import {
  type DataQueryRequest,
  type DataQueryResponse,
  type DataSourceApi,
  LoadingState,
  type MetricFindValue,
  type PanelData,
} from '@grafana/data';
import { setDataSourceSrv, setRunRequest } from '@grafana/runtime';
import { RuntimeDataSource, type SceneObject, sceneGraph, sceneUtils } from '@grafana/scenes';
import type { DataQuery } from '@grafana/schema';
import { catchError, from, isObservable, map, type Observable, of } from 'rxjs';
import type { Question } from '../../question';
import { askStore, frameOfPanel, framesOfMetrics } from './server';

/** A target that says where its query stands; the text of the query is there for the variables it names. */
export interface PlacedQuery extends DataQuery {
  place: { dashboard: string; panel?: number; variable?: string };
  text: string;
}

/** Scenes hands the asking object on with the request. */
function sceneOf({ scopedVars }: DataQueryRequest): SceneObject {
  const { value } = scopedVars.__sceneObject as { value: { valueOf: () => SceneObject } };
  return value.valueOf();
}

/** Values as they stand in the pickers, `$__all` included: the expander on the server reads them as the plugin would. */
function questionOf(query: PlacedQuery, scene: SceneObject, range: DataQueryRequest['range']): Question {
  const values: Question['values'] = {};
  for (const [, name] of query.text.matchAll(/\$\{?(\w+)/g)) {
    const variable = sceneGraph.lookupVariable(name!, scene);
    const value = (variable?.state as { value?: string | string[] } | undefined)?.value;
    if (value !== undefined) values[name!] = Array.isArray(value) ? value.map(String) : String(value);
  }
  return {
    ...query.place,
    values,
    from: Math.floor(range.from.valueOf() / 1000),
    to: Math.floor(range.to.valueOf() / 1000),
  };
}

class StoreSource extends RuntimeDataSource<PlacedQuery> {
  override async query(request: DataQueryRequest<PlacedQuery>): Promise<DataQueryResponse> {
    return { data: await frameOfPanel(questionOf(request.targets[0]!, sceneOf(request), request.range)) };
  }

  override async metricFindQuery(query: PlacedQuery, options: unknown): Promise<MetricFindValue[]> {
    const request = options as DataQueryRequest;
    const { rows } = await askStore(questionOf(query, sceneOf(request), request.range));
    return rows.map(([value, text]) => ({ value: String(value), text: String(text) }));
  }
}

class MetricsSource extends RuntimeDataSource<PlacedQuery> {
  override async query(request: DataQueryRequest<PlacedQuery>): Promise<DataQueryResponse> {
    return { data: await framesOfMetrics(questionOf(request.targets[0]!, sceneOf(request), request.range)) };
  }
}

function panelData(request: DataQueryRequest, answer: DataQueryResponse): PanelData {
  return { series: answer.data, state: LoadingState.Done, timeRange: request.range };
}

function failed(request: DataQueryRequest, error: Error): PanelData {
  return { series: [], state: LoadingState.Error, timeRange: request.range, errors: [{ message: error.message }] };
}

export const storeUid = 'preview-store';
export const metricsUid = 'preview-metrics';

export function registerSources(): void {
  const sources = [new StoreSource('preview-store', storeUid), new MetricsSource('preview-metrics', metricsUid)];
  for (const dataSource of sources)
    sceneUtils.registerRuntimeDataSource({ dataSource: dataSource as unknown as RuntimeDataSource });
  const find = (ref: unknown) =>
    sources.find(({ uid }) => uid === (typeof ref === 'string' ? ref : (ref as { uid?: string } | null)?.uid)) ??
    sources[0]!;
  setDataSourceSrv({
    get: async (ref) => find(ref) as unknown as DataSourceApi,
    getList: () => [],
    getInstanceSettings: () => undefined,
    reload: async () => undefined,
    registerRuntimeDataSource: () => undefined,
  });
  setRunRequest((source, request): Observable<PanelData> => {
    const answer = source.query(request);
    return (isObservable(answer) ? (answer as Observable<DataQueryResponse>) : from(answer)).pipe(
      map((got) => panelData(request, got)),
      catchError((error: Error) => of(failed(request, error))),
    );
  });
}
