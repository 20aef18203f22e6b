import { z } from 'zod';
import { caseId, moment, shortText } from './primitives.js';
import { recordType } from './record-type.js';

export const policeCategories = [
  'criminal',
  'public_order',
  'traffic',
  'fire',
  'dispute',
  'help',
  'report_tip',
  'complaint',
  'invalid',
] as const;

/** 警情. Times of one call run reported ≤ dispatched ≤ arrived ≤ feedback ≤ closed where known. */
export const policeIncident = recordType({
  schema: 'police.incident/1',
  name: '警情',
  stream: 'police',
  body: z.object({
    category: z.enum(policeCategories),
    sub_category: shortText.optional(),
    is_preventable: z.boolean().optional(),
    is_emergency: z.boolean().optional(),
    area_class: z.enum(['urban', 'suburb', 'rural']).optional(),
    reported_at: moment.optional(),
    dispatched_at: moment.optional(),
    arrived_at: moment.optional(),
    feedback_at: moment.optional(),
    closed_at: moment.optional(),
    case_status: z.enum(['no_case', 'accepted', 'filed', 'transferred']).optional(),
    injured: z.int().min(0).max(100_000).optional(),
    deaths: z.int().min(0).max(100_000).optional(),
    /** Yuan. */
    loss_amount: z.number().min(0).max(1e12).optional(),
    fraud_intercepted: z.boolean().optional(),
    prior_case_ref: caseId.optional(),
    linked_dispute_id: caseId.optional(),
  }),
  timeOrders: [
    ['reported_at', 'dispatched_at'],
    ['reported_at', 'arrived_at'],
    ['dispatched_at', 'arrived_at'],
    ['arrived_at', 'feedback_at'],
    ['reported_at', 'closed_at'],
  ],
});

const persons = z.int().min(0).max(1_000_000);

/** 反诈预警劝阻: how many persons were warned on a day and how many of them were dissuaded; nobody is named. */
export const policeFraudWarning = recordType({
  schema: 'police.fraud_warning/1',
  name: '反诈预警劝阻',
  stream: 'police',
  body: z.object({ warned: persons, dissuaded: persons }),
  parts: [['dissuaded', 'warned']],
});
