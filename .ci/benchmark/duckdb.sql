-- The ledger, the cohorts and the satisfaction of segments as Manyi derives them, in DuckDB's words.
-- Variables: world (the generated folder), as_of, minimum_respondents.

create or replace table customer_month as
with purchase as (
    select customer_id, cast(purchased_at as date) as purchased_on, is_return,
           cast(amount * 10000 as bigint) as amount
    from read_parquet(getvariable('world') || '/purchases/*.parquet')
    where customer_id is not null and cast(purchased_at as date) <= cast(getvariable('as_of') as date)
),
customer_day as (
    select customer_id, purchased_on,
           count(*) as lines,
           sum(case when is_return then 0 else amount end) as gross,
           sum(case when is_return then amount else 0 end) as returns,
           bool_or(not is_return and amount >= 0) as has_purchase
    from purchase
    group by all
)
select customer_id, cast(date_trunc('month', purchased_on) as date) as month,
       bit_or(case when has_purchase then 1 << (day(purchased_on) - 1) else 0 end) as day_mask,
       cast(count_if(has_purchase) as integer) as purchase_days,
       cast(sum(lines) as bigint) as lines,
       cast(sum(gross) as bigint) as gross,
       cast(sum(returns) as bigint) as returns,
       cast(sum(gross + returns) as bigint) as net,
       cast(arg_min(gross + returns, purchased_on) filter (has_purchase) as bigint) as first_day_net
from customer_day
group by all;

create or replace table member as
select customer_id, unnest([
           {segment: 'all', segment_value: 'all'},
           {segment: 'region', segment_value: region},
           {segment: 'tier', segment_value: tier},
           {segment: 'region × tier', segment_value: region || ' × ' || tier}
       ], recursive := true)
from (
    select customer_id, coalesce(region, 'unknown') as region, coalesce(tier, 'unknown') as tier
    from read_parquet(getvariable('world') || '/customers/*.parquet')
);

create or replace table cohort_retention as
with born as (
    select customer_id,
           min(month) filter (purchase_days > 0) as cohort_on,
           max(month) filter (purchase_days > 0) as last_month
    from customer_month
    group by customer_id
    having cohort_on is not null
),
size as (
    select cohort_on, last_month, segment, segment_value, count(*) as customers
    from born join member using (customer_id)
    group by all
),
age as (
    select cohort_on, segment, segment_value, months_since,
           cast(sum(customers) as bigint) as customers,
           cast(sum(case when datediff('month', cohort_on, last_month) >= months_since then customers else 0 end)
               as bigint) as returned_later_customers
    from (
        select *, unnest(range(0, datediff('month', cohort_on, cast(getvariable('as_of') as date)) + 1))
            as months_since
        from size
    )
    group by all
),
active as (
    select cohort_on, segment, segment_value, datediff('month', cohort_on, month) as months_since,
           cast(count_if(purchase_days > 0) as bigint) as active_customers, cast(sum(net) as bigint) as net
    from customer_month join born using (customer_id) join member using (customer_id)
    group by all
)
select cast(getvariable('as_of') as date) as as_of, age.*,
       coalesce(active_customers, 0) as active_customers,
       coalesce(active_customers, 0) / customers as retention,
       cast(cast(coalesce(net, 0) as decimal(24, 4)) * 0.0001 as decimal(24, 4)) as revenue,
       case when first_value(net) over birth > 0 then coalesce(net, 0) / first_value(net) over birth end
           as revenue_retention
from age left join active using (cohort_on, segment, segment_value, months_since)
window birth as (partition by cohort_on, segment, segment_value order by months_since);

create or replace table segment_satisfaction as
with item as (
    select * from (values
        ('function', 0, 10, false, 0.125), ('durability', 0, 10, false, 0.125), ('look', 0, 10, false, 0.10),
        ('availability', 0, 10, false, 0.10), ('delivery', 0, 10, false, 0.075), ('waiting', 0, 10, true, 0.075),
        ('fair_price', 1, 7, false, 0.075), ('value', 0, 10, false, 0.075), ('staff', 0, 10, false, 0.075),
        ('reply', 0, 10, false, 0.075), ('brand', 0, 10, false, 0.10)
    ) as item(item, low, high, is_reversed, weight)
),
answered as (
    select response_id, customer_id, wave, overall, recommend, item, answer
    from (
        unpivot (
            select * from read_parquet(getvariable('world') || '/survey/*.parquet')
            where cast(answered_at as date) <= cast(getvariable('as_of') as date)
              and cast(received_at as date) <= last_day(make_date(
                    cast(left(wave, 4) as int), 3 * cast(right(wave, 1) as int), 1)) + 14
              and last_day(make_date(cast(left(wave, 4) as int), 3 * cast(right(wave, 1) as int), 1)) + 14
                    < cast(getvariable('as_of') as date)
        )
        on function, durability, look, availability, delivery, waiting, fair_price, value, staff, reply, brand
        into name item value answer
    )
    where answer <> 99
),
respondent as (
    select response_id, customer_id, wave, overall, recommend,
           sum(weight * case when is_reversed then high - answer else answer - low end * 100.0 / (high - low))
               / sum(weight) as csi
    from answered join item using (item)
    group by all
    having sum(weight) >= 0.5
),
cell as (
    select wave, segment, segment_value,
           count(distinct customer_id) as respondents,
           avg(csi) as csi,
           stddev_pop(csi) / sqrt(count(csi)) as csi_spread,
           avg(case when overall <> 99 then 20 * overall - 80 end) as csm,
           avg(case when recommend is null or recommend = 99 then null when recommend >= 9 then 100 when recommend <= 6 then -100 else 0 end)
               as nps
    from respondent join member using (customer_id)
    group by all
)
select cast(getvariable('as_of') as date) as as_of, wave, segment, segment_value,
       respondents < getvariable('minimum_respondents') as is_suppressed,
       case when not is_suppressed then respondents end as respondents,
       case when not is_suppressed then csi end as csi,
       -- a segment is a domain of the whole wave: the wave's respondents are the design
       case when not is_suppressed then csi_spread * sqrt(asked / (asked - 1)) end as csi_standard_error,
       case when not is_suppressed then csm end as csm,
       case when not is_suppressed then nps end as nps
from (select *, max(respondents) over (partition by wave) as asked from cell);
