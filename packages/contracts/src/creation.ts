import { z } from 'zod';
import { caseId, deadline, moment, shortText, unitRef } from './primitives.js';
import { recordType } from './record-type.js';

const total = z.int().min(0).max(1_000_000);

/** 平安创建: how a village (community) or another unit stands after an assessment. What was not assessed is absent. */
export const creationUnitStatus = recordType({
  schema: 'creation.unit_status/1',
  name: '平安创建单元',
  stream: 'mediation',
  body: z.object({
    unit_kind: z.enum(['village', 'unit']),
    unit_id: unitRef,
    /** One of the county's categories of 平安细胞. */
    category: shortText.optional(),
    /** 平安细胞达标. */
    is_compliant: z.boolean().optional(),
    /** 三零创建成功. */
    is_three_zero: z.boolean().optional(),
    colour: z.enum(['blue', 'yellow', 'orange', 'red']).optional(),
  }),
});

/** 群众安全感: one wave of a survey in one area. */
export const surveyResult = recordType({
  schema: 'survey.result/1',
  name: '安全感调查',
  stream: 'mediation',
  body: z.object({
    asked: z.int().min(1).max(10_000_000),
    felt_safe: z.int().min(0).max(10_000_000),
  }),
  parts: [['felt_safe', 'asked']],
});

/** 督查整改事项. */
export const rectificationItem = recordType({
  schema: 'rectification.item/1',
  name: '督查整改事项',
  stream: 'mediation',
  body: z.object({
    issued_at: moment,
    due_at: deadline,
    closed_at: moment.optional(),
  }),
  timeOrders: [
    ['issued_at', 'due_at'],
    ['issued_at', 'closed_at'],
  ],
});

/** 五个一、半月研判: one duty that falls due. */
export const creationDuty = recordType({
  schema: 'creation.duty/1',
  name: '平安建设例行工作',
  stream: 'mediation',
  body: z.object({
    duty: z.enum([
      'weekly_review',
      'weekly_dispatch',
      'half_month_review',
      'monthly_report',
      'monthly_inspection',
      'monthly_ranking',
    ]),
    due_at: deadline,
    done_at: moment.optional(),
  }),
});

/** 网格员、巡防签到: one day or month of one area. */
export const creationPatrol = recordType({
  schema: 'creation.patrol/1',
  name: '巡防签到',
  stream: 'mediation',
  body: z.object({ expected: total, signed: total }),
  parts: [['signed', 'expected']],
});

/** 红线事项, as established by the county: the only facts that deductions beyond recorded deaths rest on. */
export const redLineEvent = recordType({
  schema: 'red_line.event/1',
  name: '红线事项',
  stream: 'mediation',
  body: z.object({
    kind: z.enum(['veto', 'accident', 'homicide']),
    deaths: z.int().min(0).max(100_000).optional(),
    /** The case it is about, where there is one: counted once even when the police recorded it as well. */
    case_ref: caseId.optional(),
  }),
});
