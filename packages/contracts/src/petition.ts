import { z } from 'zod';
import { caseId, deadline, moment, shortText } from './primitives.js';
import { recordType } from './record-type.js';

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
  due_at: deadline.optional(),
  extended_to: deadline.optional(),
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
export const petitionCase = recordType({
  schema: 'petition.case/1',
  name: '信访事项',
  stream: 'petition',
  body: z.object({
    petition_type: z.enum(['suggestion', 'accusation', 'appeal_claim', 'litigation_related']),
    channel: z.enum(['visit', 'letter', 'web', 'phone']),
    ...handling,
  }),
  timeOrders: [
    ['registered_at', 'transferred_at'],
    ['registered_at', 'accept_notified_at'],
    ['registered_at', 'accepted_at'],
    ['registered_at', 'due_at'],
    ['due_at', 'extended_to'],
    ['registered_at', 'closed_at'],
    ['accepted_at', 'closed_at'],
    ['review_requested_at', 'review_decided_at'],
    ['recheck_requested_at', 'recheck_decided_at'],
  ],
});

/** 12345 热线工单: the same shape; type and channel are optional because a hotline order need not know them. */
export const hotlineOrder = recordType({
  schema: 'hotline.order/1',
  name: '12345 工单',
  stream: 'petition',
  body: z.object({
    petition_type: z.enum(['suggestion', 'accusation', 'appeal_claim', 'litigation_related']).optional(),
    channel: z.enum(['visit', 'letter', 'web', 'phone']).optional(),
    ...handling,
    /** Whether the caller, asked afterwards, calls the matter solved. */
    resolved: z.boolean().optional(),
  }),
  timeOrders: [
    ['registered_at', 'accepted_at'],
    ['registered_at', 'due_at'],
    ['due_at', 'extended_to'],
    ['registered_at', 'closed_at'],
  ],
});

/** 意见建议 of deputies, members and residents, closed out one by one (销号). */
export const petitionSuggestion = recordType({
  schema: 'petition.suggestion/1',
  name: '意见建议',
  stream: 'petition',
  body: z.object({
    registered_at: moment,
    due_at: deadline,
    extended_to: deadline.optional(),
    closed_at: moment.optional(),
    department: shortText.optional(),
  }),
  timeOrders: [
    ['registered_at', 'due_at'],
    ['due_at', 'extended_to'],
    ['registered_at', 'closed_at'],
  ],
});
