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
