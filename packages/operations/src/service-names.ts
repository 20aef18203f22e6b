/** The services of a complete pipeline, in the order in which they are started and stopped: intake first. */
export const producerServices = ['producer-police', 'producer-petition', 'producer-mediation', 'producer-opinion'];
export const coreServices = ['ingestor', 'aggregator', 'scorer'];
