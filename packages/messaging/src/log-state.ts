import type { GroupMove, LogAdmin, LogState, PartitionLag, Retention } from './log-admin.js';

/** The verbs of `LogAdmin` as functions, for code that is handed one by a callback. */
export const readLogState = (admin: LogAdmin, groupId: string): Promise<LogState> => admin.state(groupId);

export const partitionLags = (admin: LogAdmin, groupId: string): Promise<PartitionLag[]> => admin.lags(groupId);

export const moveGroup = (admin: LogAdmin, groupId: string, moves: readonly GroupMove[]): Promise<void> =>
  admin.moveGroup(groupId, moves);

export const forgettingTopics = (admin: LogAdmin): Promise<Retention[]> => admin.forgettingTopics();
