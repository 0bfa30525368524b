package postgres

import "testing"

// BenchmarkCollect reads a database with 5,000 tables and 500 roles, of which half are groups that are members of each
// other in chains of ten, and every table is granted to five roles.
func BenchmarkCollect(b *testing.B) {
	w := newWorld(b)
	w.exec(`DO $$ BEGIN
		FOR s IN 1..10 LOOP EXECUTE format('CREATE SCHEMA s%s', s); END LOOP;
		FOR r IN 0..499 LOOP
			EXECUTE format('CREATE ROLE "$_%s" %s', r, CASE WHEN r % 2 = 0 THEN 'NOLOGIN' ELSE 'LOGIN' END);
			EXECUTE format('GRANT USAGE ON SCHEMA s%s TO "$_%s"', 1 + r % 10, r);
			IF r > 0 AND r % 10 <> 0 THEN EXECUTE format('GRANT "$_%s" TO "$_%s"', r - 1, r); END IF;
		END LOOP; END $$`)
	for from := 0; from < 5000; from += 500 { // each table takes locks until its transaction ends
		w.exec(`DO $$ BEGIN FOR i IN ` + itoa(from) + `..` + itoa(from+499) + ` LOOP
			EXECUTE format('CREATE TABLE s%s.t%s (tenant text, ended date, a text, b text, c int, d int)', 1 + i % 10, i);
			FOR g IN 0..4 LOOP EXECUTE format('GRANT SELECT, INSERT, UPDATE ON s%s.t%s TO "$_%s"', 1 + i % 10, i, (i * 7 + g * 101) % 500); END LOOP;
		END LOOP; END $$`)
	}
	w.exec("ANALYZE")
	cfg := w.config()
	cfg.Tenants = map[string]string{"1": "c"}
	for i := range 20 {
		cfg.Tables = append(cfg.Tables, Table{Schema: "s" + itoa(1+i%10), Name: "t" + itoa(i), Class: "file", TenantColumn: "tenant", TriggerColumn: "ended"})
	}
	c, err := New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	counter := &queryCounter{}
	c.conn.Tracer = counter
	grants := 0
	b.ResetTimer()
	for range b.N {
		o := collectBy(b, b.Context(), c)
		if o.err != nil {
			b.Fatal(o.err)
		}
		grants = len(o.drafts)
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/collection")
	b.ReportMetric(float64(counter.n.Load())/float64(b.N), "queries/collection")
	b.ReportMetric(float64(grants), "drafts")
}
