"""Every permission there is. A view declares exactly one; `policy.GRANTS` says who holds it."""

from enum import StrEnum


class Permission(StrEnum):
    """Named `<thing>_<deed>`; the comment of each group names the columns of the access matrix it serves."""

    __hash__ = str.__hash__  # asked at every door: Enum computes it anew each time, in Python

    # outside cases
    PUBLIC = "public"
    OWN_ACCOUNT = "own_account"
    MY_WORK = "my_work"
    CALENDAR_READ = "calendar_read"
    CASE_LIST = "case_list"
    CASE_OPEN = "case_open"  # open a new case from a referral; look for a duplicate
    DEMONSTRATION = "demonstration"
    MAILBOX = "mailbox"

    # administration (USR)
    ADMINISTRATION = "administration"
    AUDIT_VERIFY = "audit_verify"

    # the head's own office
    HEAD_OFFICE = "head_office"  # acting head, duty case manager, dashboards of the own QPS

    # a municipality
    MUNICIPALITY_READ = "municipality_read"
    LEDGER_OF_CASES = "ledger_of_cases"
    MUNICIPALITY_LEDGER = "municipality_ledger"
    GENERAL_READ = (
        "general_read"  # that general meetings are due, called, held: dates, nothing said there (A8.2)
    )
    GENERAL_CONTENT = (
        "general_content"  # figures, discussion, minutes, tasks: after the own declaration (A18.2)
    )
    GENERAL_DECLARE = "general_declare"
    GENERAL_WRITE = "general_write"  # call, prepare, convene, hold
    GENERAL_CHAIR_NAME = "general_chair_name"
    MUNICIPALITY_OVERVIEW = "municipality_overview"  # the officer's page: meetings, reports, figures
    OWN_STAFF = "own_staff"  # an institution's superior proposes or ends own staff

    # the annual report (ANN)
    ANNUAL_READ = "annual_read"
    ANNUAL_DRAFT_READ = "annual_draft_read"
    ANNUAL_WRITE = "annual_write"
    ANNUAL_ACKNOWLEDGE = "annual_acknowledge"
    ANNUAL_BODY = "annual_body"  # the Ministry of Justice, the Council for the Rights of the Child

    # a case (DOS)
    CASE_READ = "case_read"
    CASE_WRITE = "case_write"
    REPORTER_READ = "reporter_read"
    SHELTER_ADDRESS_READ = "shelter_address_read"
    ASSESSMENT_READ = "assessment_read"
    ASSESSMENT_PROPOSE = "assessment_propose"
    INFORMATION_VERIFY = "information_verify"
    SUPERVISE = "supervise"  # the head's own look at the work, monitoring visits
    FILE_READ = "file_read"
    FILE_WRITE = "file_write"
    TIMELINE_READ = "timeline_read"
    ACCESS_LOG_READ = "access_log_read"
    CASE_LEDGER_READ = "case_ledger_read"
    DISCLOSURE_WRITE = "disclosure_write"
    DISCLOSURE_APPROVE = "disclosure_approve"
    CASE_MANAGER_ASSIGN = "case_manager_assign"
    CONFLICT_DECIDE_CHAIR = "conflict_decide_chair"
    BREAK_GLASS = "break_glass"
    BREAK_GLASS_REVIEW = "break_glass_review"

    # the Table (SEA, DCL)
    TABLE_READ = "table_read"
    TABLE_WRITE = "table_write"
    DECLARATION_SIGN = "declaration_sign"
    CONFLICT_ANSWER = "conflict_answer"
    CONFLICT_FLAG = "conflict_flag"
    RECUSE = "recuse"
    CASE_HAND_OVER = "case_hand_over"

    # meetings (MTG, PCK)
    MEETING_READ = "meeting_read"
    MEETING_PREPARE = "meeting_prepare"
    MEETING_CONVENE = "meeting_convene"
    MEETING_AGREE = "meeting_agree"
    MEETING_REQUEST = "meeting_request"
    EXTRAORDINARY_CALL = "extraordinary_call"
    INVITATION_ANSWER = "invitation_answer"
    PACK_READ = "pack_read"
    DELIVERY_READ = "delivery_read"
    MEETING_HOLD = "meeting_hold"
    MINUTES_DRAFT_READ = "minutes_draft_read"
    MINUTES_DRAFT_WRITE = "minutes_draft_write"
    MINUTES_OBJECT = "minutes_object"
    MINUTES_COURSE = "minutes_course"  # circulate, answer objections, record the approval, corrigendum

    # documents to sign (MSG)
    DOCUMENT_READ = "document_read"
    DOCUMENT_SIGN = "document_sign"
    DOCUMENT_KEEP = "document_keep"  # paper sheet, reasons of missing signatures, closing without some
    GENERAL_DOCUMENT_READ = "general_document_read"
    GENERAL_DOCUMENT_SIGN = "general_document_sign"
    GENERAL_DOCUMENT_KEEP = "general_document_keep"

    # reports (OWN, OTH)
    REPORT_FILE = "report_file"
    REPORT_READ = "report_read"
    REPORT_MANAGER_PART_READ = "report_manager_part_read"

    # plans and visits (PLN, VIS)
    PLAN_READ = "plan_read"
    PLAN_WRITE = "plan_write"
    PLAN_PROPOSE = "plan_propose"
    ACTION_UPDATE = "action_update"
    COOPERATION_READ = "cooperation_read"
    VISIT_READ = "visit_read"
    VISIT_WRITE = "visit_write"

    # closing, transfer, retention (CLO/TRF)
    CLOSING_READ = "closing_read"
    CLOSING_WRITE = "closing_write"
    CLOSING_APPROVE = "closing_approve"
    CASE_REOPEN = "case_reopen"
    TRANSFER_ANSWER = "transfer_answer"
    CASE_RETENTION = "case_retention"  # legal hold, erasure after the time of retention
