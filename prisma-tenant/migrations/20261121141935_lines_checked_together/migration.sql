-- Whether new lines may be written is asked once a statement instead of once a line: a billing run writes a thousand in one.
-- What is promised stays: the invoices are locked meanwhile, and no line is added to one that has been issued. Lines that
-- change or go are looked at one by one, as before.
CREATE FUNCTION "keep_issued_from_new_lines"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner record;
BEGIN
    -- The status is compared out here: within the query it would keep drafts from being locked.
    FOR owner IN
        SELECT "id", "status" FROM "invoices" WHERE "id" IN (SELECT "invoice_id" FROM "added")
         ORDER BY "id" FOR NO KEY UPDATE
    LOOP
        IF owner.status <> 'draft' THEN
            RAISE EXCEPTION 'Invoice % has been issued and its lines stay as they are.', owner.id
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER "invoice_lines_keep_issued_from_new" AFTER INSERT ON "invoice_lines"
    REFERENCING NEW TABLE AS "added" FOR EACH STATEMENT EXECUTE FUNCTION "keep_issued_from_new_lines"();

CREATE OR REPLACE TRIGGER "invoice_lines_keep_issued" BEFORE UPDATE OR DELETE ON "invoice_lines"
    FOR EACH ROW EXECUTE FUNCTION "keep_issued_lines"();
