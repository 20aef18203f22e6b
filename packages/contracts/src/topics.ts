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
};

export const recordTypeNames: Record<string, string> = {
  'police.incident': '警情',
  'petition.case': '信访事项',
  'hotline.order': '12345 工单',
  'mediation.dispute': '矛盾纠纷',
  'mediation.grid_event': '网格事项',
  'mediation.hazard': '隐患',
  'opinion.event': '舆情',
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
