import { z } from 'zod';
import { caseId, moment, shortText } from './primitives.js';

const adminLevel = z.enum(['village', 'township', 'county', 'city', 'province', 'national']);

const handling = {
  is_first: z.boolean().optional(),
  repeat_of: caseId.optional(),
  group_size: z.int().min(1).max(100_000).optional(),
  level_received: adminLevel.optional(),
  competent_level: adminLevel.optional(),
  registered_at: moment,
  transferred_at: moment.optional(),
  accept_notified_at: moment.optional(),
  accepted_at: moment.optional(),
  due_at: moment.optional(),
  extended_to: moment.optional(),
  closed_at: moment.optional(),
  reply_at: moment.optional(),
  objection_at: moment.optional(),
  outcome: z.enum(['supported', 'explained', 'not_supported']).optional(),
  satisfaction: z.enum(['satisfied', 'neutral', 'dissatisfied']).optional(),
  review_requested_at: moment.optional(),
  review_decided_at: moment.optional(),
  recheck_requested_at: moment.optional(),
  recheck_decided_at: moment.optional(),
  is_backlog: z.boolean().optional(),
};

/** 信访事项. Content of accusations is never carried, only its type and its clock. */
export const petitionCaseBody = z.object({
  petition_type: z.enum(['suggestion', 'accusation', 'appeal_claim', 'litigation_related']),
  channel: z.enum(['visit', 'letter', 'web', 'phone']),
  ...handling,
});

/** 12345 热线工单: the same shape; type and channel are optional because a hotline order need not know them. */
export const hotlineOrderBody = z.object({
  petition_type: z.enum(['suggestion', 'accusation', 'appeal_claim', 'litigation_related']).optional(),
  channel: z.enum(['visit', 'letter', 'web', 'phone']).optional(),
  ...handling,
  /** Whether the caller, asked afterwards, calls the matter solved. */
  resolved: z.boolean().optional(),
});

/** 意见建议 of deputies, members and residents, closed out one by one (销号). */
export const suggestionBody = z.object({
  registered_at: moment,
  due_at: moment,
  extended_to: moment.optional(),
  closed_at: moment.optional(),
  department: shortText.optional(),
});
