/* nft_rule.c - rules of nftables as rows of a table */
#include "runtime/net/nft_rule.h"

#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/udata.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_nat.h>
#include <string.h>

enum { WORD = 4, COMMENT_SIZE = 130 };

static uint32_t name_of(uint8_t reg)
{
	return NFT_REG32_00 + reg;
}

static void fill_meta(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_KEY, (uint32_t)step->what);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_META_DREG, name_of(step->reg));
}

static void fill_payload(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_BASE, (uint32_t)step->what);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET, step->offset);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_LEN, step->len);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_DREG, name_of(step->reg));
}

/* Of an address in the header of IPv6, which has no checksum itself. */
static void fill_write(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_BASE, (uint32_t)step->what);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_OFFSET, step->offset);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_LEN, step->len);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_SREG, name_of(step->reg));
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_CSUM_TYPE, NFT_PAYLOAD_CSUM_NONE);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_CSUM_OFFSET, 0);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_PAYLOAD_FLAGS, NFT_PAYLOAD_L4CSUM_PSEUDOHDR);
}

/* An address is that of the connection's first packet. */
static void fill_ct(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CT_KEY, (uint32_t)step->what);
	if (step->what == NFT_CT_DST_IP6)
		nftnl_expr_set_u8(expr, NFTNL_EXPR_CT_DIR, IP_CT_DIR_ORIGINAL);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CT_DREG, name_of(step->reg));
}

static void fill_fib(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_FIB_RESULT, (uint32_t)step->what);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_FIB_FLAGS, step->flags);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_FIB_DREG, name_of(step->reg));
}

static void fill_compare(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_SREG, name_of(step->reg));
	nftnl_expr_set_u32(expr, NFTNL_EXPR_CMP_OP, step->flags);
	nftnl_expr_set(expr, NFTNL_EXPR_CMP_DATA, &step->data, step->len);
}

static void fill_mask(struct nftnl_expr *expr, const struct nft_step *step)
{
	static const uint8_t none[WORD];

	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_SREG, name_of(step->reg));
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_DREG, name_of(step->reg));
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_OP, NFT_BITWISE_BOOL);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_BITWISE_LEN, WORD);
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_MASK, &step->data, WORD);
	nftnl_expr_set(expr, NFTNL_EXPR_BITWISE_XOR, none, WORD);
}

static void fill_lookup(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_SREG, name_of(step->reg));
	nftnl_expr_set_str(expr, NFTNL_EXPR_LOOKUP_SET, step->name);
	if (step->is_map)
		nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_DREG, name_of(step->to));
	if (step->flags)
		nftnl_expr_set_u32(expr, NFTNL_EXPR_LOOKUP_FLAGS, step->flags);
}

static void fill_nat(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_TYPE, NFT_NAT_DNAT);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_FAMILY, (uint32_t)step->what);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_REG_ADDR_MIN, name_of(step->reg));
	nftnl_expr_set_u32(expr, NFTNL_EXPR_NAT_REG_PROTO_MIN, name_of(step->to));
}

static void fill_nothing(struct nftnl_expr *expr, const struct nft_step *step)
{
	(void)expr;
	(void)step;
}

static void fill_verdict(struct nftnl_expr *expr, const struct nft_step *step)
{
	nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(expr, NFTNL_EXPR_IMM_VERDICT, (uint32_t)step->what);
	if (step->name)
		nftnl_expr_set_str(expr, NFTNL_EXPR_IMM_CHAIN, step->name);
}

static const struct {
	const char *name; /* the kernel's */
	void (*fill)(struct nftnl_expr *expr, const struct nft_step *step);
} kinds[] = {
	[NFT_STEP_META] = { "meta", fill_meta },
	[NFT_STEP_PAYLOAD] = { "payload", fill_payload },
	[NFT_STEP_WRITE] = { "payload", fill_write },
	[NFT_STEP_CT] = { "ct", fill_ct },
	[NFT_STEP_FIB] = { "fib", fill_fib },
	[NFT_STEP_COMPARE] = { "cmp", fill_compare },
	[NFT_STEP_MASK] = { "bitwise", fill_mask },
	[NFT_STEP_LOOKUP] = { "lookup", fill_lookup },
	[NFT_STEP_NAT] = { "nat", fill_nat },
	[NFT_STEP_MASQUERADE] = { "masq", fill_nothing },
	[NFT_STEP_COUNTER] = { "counter", fill_nothing },
	[NFT_STEP_VERDICT] = { "immediate", fill_verdict },
};

static void add_steps(struct nftnl_rule *made, const struct nft_rule *rule)
{
	for (size_t i = 0; i < NFT_STEPS_MAX && rule->steps[i].kind != NFT_STEP_END; i++) {
		const struct nft_step *step = &rule->steps[i];
		struct nftnl_expr *expr = nftnl_expr_alloc(kinds[step->kind].name);

		if (!expr)
			out_of_memory();
		kinds[step->kind].fill(expr, step);
		nftnl_rule_add_expr(made, expr);
	}
}

static void add_comment(struct nftnl_rule *made, const char *comment)
{
	struct nftnl_udata_buf *data = nftnl_udata_buf_alloc(COMMENT_SIZE);

	if (!data)
		out_of_memory();
	nftnl_udata_put_strz(data, NFTNL_UDATA_RULE_COMMENT, comment);
	nftnl_rule_set_data(made, NFTNL_RULE_USERDATA, nftnl_udata_buf_data(data),
			    nftnl_udata_buf_len(data));
	nftnl_udata_buf_free(data);
}

void nft_rule_add(struct nft_messages *messages, uint8_t family, const char *table,
		  const struct nft_rule *rule, const char *comment)
{
	uint16_t flags = comment ? NLM_F_CREATE : NLM_F_CREATE | NLM_F_APPEND;
	struct nlmsghdr *header;
	struct nftnl_rule *made = nftnl_rule_alloc();

	if (!made)
		out_of_memory();
	nftnl_rule_set_str(made, NFTNL_RULE_TABLE, table);
	nftnl_rule_set_str(made, NFTNL_RULE_CHAIN, rule->chain);
	if (comment)
		add_comment(made, comment);
	add_steps(made, rule);
	header = nft_begin(messages, NFT_MSG_NEWRULE, family, flags, rule->chain);
	nftnl_rule_nlmsg_build_payload(header, made);
	nft_end(messages);
	nftnl_rule_free(made);
}
