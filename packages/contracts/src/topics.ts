import type { SchemaId } from './event.js';

/** The four streams of events, in the order they are shown. */
export const streams = ['police', 'petition', 'mediation', 'opinion'] as const;
export type Stream = (typeof streams)[number];

/** What users call the streams. */
export const streamNames: Record<Stream, string> = {
  police: '警情',
  petition: '民情',
  mediation: '社情',
  opinion: '舆情',
};

export const streamOfSchema: Record<SchemaId, Stream> = {
  'police.incident/1': 'police',
  'petition.case/1': 'petition',
  'hotline.order/1': 'petition',
  'mediation.dispute/1': 'mediation',
  'mediation.grid_event/1': 'mediation',
  'mediation.hazard/1': 'mediation',
  'opinion.event/1': 'opinion',
  'police.fraud_warning/1': 'police',
  'petition.suggestion/1': 'petition',
  'mediation.grid_month/1': 'mediation',
  'mediation.key_group_visits/1': 'mediation',
  'creation.unit_status/1': 'mediation',
  'survey.result/1': 'mediation',
  'rectification.item/1': 'mediation',
  'creation.duty/1': 'mediation',
  'creation.patrol/1': 'mediation',
  'red_line.event/1': 'mediation',
};

export const recordTypeNames: Record<string, string> = {
  'police.incident': '警情',
  'petition.case': '信访事项',
  'hotline.order': '12345 工单',
  'mediation.dispute': '矛盾纠纷',
  'mediation.grid_event': '网格事项',
  'mediation.hazard': '隐患',
  'opinion.event': '舆情',
  'police.fraud_warning': '反诈预警劝阻',
  'petition.suggestion': '意见建议',
  'mediation.grid_month': '网格月报',
  'mediation.key_group_visits': '重点人群走访',
  'creation.unit_status': '平安创建单元',
  'survey.result': '安全感调查',
  'rectification.item': '督查整改事项',
  'creation.duty': '平安建设例行工作',
  'creation.patrol': '巡防签到',
  'red_line.event': '红线事项',
};

export function topicOf(stream: Stream): string {
  return `pingan.${stream}`;
}

export const deadLetterTopic = 'pingan.dead-letter';
export const eventTopics: readonly string[] = streams.map(topicOf);

export function streamOfTopic(topic: string): Stream | undefined {
  return streams.find((stream) => topicOf(stream) === topic);
}

/** The one group whose committed offsets say what ClickHouse certainly holds. */
export const ingestorGroup = 'pingan.ingestor';

/** Largest message that is read as an event; a case record has no business being larger. */
export const maxEventBytes = 64 * 1024;
