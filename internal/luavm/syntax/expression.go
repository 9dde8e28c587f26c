package syntax

import "github.com/yuin/gopher-lua/ast"

// What primary has read: only variables and fields can be assigned to, only
// calls stand alone.
const (
	assignable = iota
	called
	value
)

func (p *parser) exprs() []ast.Expr {
	list := []ast.Expr{p.expr()}
	for p.accept(",") {
		list = append(list, p.expr())
	}
	return list
}

func (p *parser) expr() ast.Expr { return p.binary(0) }

// precedence is how strongly an operator binds to its left and to its right.
type precedence struct{ left, right int }

var precedences = map[string]precedence{
	"or": {1, 1}, "and": {2, 2},
	"<": {3, 3}, ">": {3, 3}, "<=": {3, 3}, ">=": {3, 3}, "~=": {3, 3}, "==": {3, 3},
	"..": {5, 4}, "+": {6, 6}, "-": {6, 6}, "*": {7, 7}, "/": {7, 7}, "%": {7, 7},
	"^": {10, 9},
}

const unaryPrecedence = 8

// binary reads operators that bind more strongly than limit.
func (p *parser) binary(limit int) ast.Expr {
	p.enter()
	left := p.unary()
	for {
		op := p.tok.kind
		binds, ok := precedences[op]
		if !ok || binds.left <= limit {
			break
		}
		p.advance()
		left = operation(op, left, p.binary(binds.right))
	}
	p.level--
	return left
}

func operation(op string, left, right ast.Expr) ast.Expr {
	var e ast.Expr
	switch op {
	case "and", "or":
		e = &ast.LogicalOpExpr{Operator: op, Lhs: left, Rhs: right}
	case "..":
		e = &ast.StringConcatOpExpr{Lhs: left, Rhs: right}
	case "<", ">", "<=", ">=", "~=", "==":
		e = &ast.RelationalOpExpr{Operator: op, Lhs: left, Rhs: right}
	default:
		e = &ast.ArithmeticOpExpr{Operator: op, Lhs: left, Rhs: right}
	}
	e.SetLine(left.Line())
	return e
}

func (p *parser) unary() ast.Expr {
	op := p.tok.kind
	if op != "not" && op != "-" && op != "#" {
		return p.simple()
	}
	p.advance()
	operand := p.binary(unaryPrecedence)
	var e ast.Expr
	switch op {
	case "not":
		e = &ast.UnaryNotOpExpr{Expr: operand}
	case "-":
		e = &ast.UnaryMinusOpExpr{Expr: operand}
	default:
		e = &ast.UnaryLenOpExpr{Expr: operand}
	}
	e.SetLine(operand.Line())
	return e
}

func (p *parser) simple() ast.Expr {
	t := p.tok
	var e ast.Expr
	switch t.kind {
	case tokenNumber:
		e = &ast.NumberExpr{Value: t.value}
	case tokenString:
		e = &ast.StringExpr{Value: t.value}
	case "nil":
		e = &ast.NilExpr{}
	case "true":
		e = &ast.TrueExpr{}
	case "false":
		e = &ast.FalseExpr{}
	case "...":
		if !p.fn.vararg {
			p.syntax("cannot use '...' outside a vararg function")
		}
		e = &ast.Comma3Expr{}
	case "{":
		return p.table()
	case "function":
		p.advance()
		return p.body(t, false)
	default:
		e, _ = p.primary()
		return e
	}
	p.advance()
	return span(e, t, t)
}

// primary reads a variable or an expression in brackets, with the fields,
// indexes and calls behind it, and says what it is.
func (p *parser) primary() (e ast.Expr, kind int) {
	switch start := p.tok; start.kind {
	case tokenName, "goto":
		e = p.variable(p.ident())
	case "(":
		p.advance()
		e, kind = p.expr(), value
		p.match(")", start)
		switch inner := e.(type) { // brackets leave one value
		case *ast.Comma3Expr:
			inner.AdjustRet = true
		case *ast.FuncCallExpr:
			inner.AdjustRet = true
		}
		e.SetLine(start.line)
	default:
		p.syntax("unexpected symbol")
	}
	for {
		switch p.tok.kind {
		case ".":
			p.advance()
			e, kind = p.attribute(e, p.ident()), assignable
		case "[":
			p.advance()
			key := p.expr()
			p.expect("]")
			index := &ast.AttrGetExpr{Object: e, Key: key}
			index.SetLine(e.Line())
			e, kind = index, assignable
		case ":":
			p.advance()
			name := p.ident()
			call := &ast.FuncCallExpr{Receiver: e, Method: name.value, Args: p.args()}
			call.SetLine(e.Line())
			e, kind = call, called
		case "(", tokenString, "{":
			call := &ast.FuncCallExpr{Func: e, Args: p.args()}
			call.SetLine(e.Line())
			e, kind = call, called
		default:
			return e, kind
		}
	}
}

func (p *parser) variable(name token) ast.Expr {
	e := &ast.IdentExpr{Value: name.value}
	if !p.use(name) {
		p.globals[e] = true
	}
	return span(e, name, name)
}

func (p *parser) attribute(object ast.Expr, name token) ast.Expr {
	e := &ast.AttrGetExpr{Object: object, Key: span(&ast.StringExpr{Value: name.value}, name, name)}
	e.SetLine(object.Line())
	return e
}

func (p *parser) args() []ast.Expr {
	switch start := p.tok; start.kind {
	case "(":
		if p.line != p.lastLine {
			p.syntax("ambiguous syntax (function call x new statement)")
		}
		p.advance()
		list := []ast.Expr{}
		if p.tok.kind != ")" {
			list = p.exprs()
		}
		p.match(")", start)
		return list
	case "{":
		return []ast.Expr{p.table()}
	case tokenString:
		return []ast.Expr{p.simple()}
	}
	p.syntax("function arguments expected")
	return nil
}

func (p *parser) table() ast.Expr {
	start := p.expect("{")
	e := &ast.TableExpr{Fields: []*ast.Field{}}
	for p.tok.kind != "}" {
		e.Fields = append(e.Fields, p.field())
		if !p.accept(",") && !p.accept(";") {
			break
		}
	}
	p.match("}", start)
	return span(e, start, start)
}

func (p *parser) field() *ast.Field {
	switch t := p.tok; {
	case t.kind == "[":
		p.advance()
		key := p.expr()
		p.expect("]")
		p.expect("=")
		return &ast.Field{Key: key, Value: p.expr()}
	case (t.kind == tokenName || t.kind == "goto") && p.lookahead().kind == "=":
		name := p.ident()
		p.advance()
		return &ast.Field{Key: span(&ast.StringExpr{Value: name.value}, name, name), Value: p.expr()}
	}
	return &ast.Field{Value: p.expr()}
}

// body reads parameters and statements of the function that began at start.
func (p *parser) body(start token, method bool) *ast.FunctionExpr {
	e := &ast.FunctionExpr{ParList: &ast.ParList{Names: []string{}}}
	p.open(start.line, false)
	p.expect("(")
	if method {
		p.declare(start, "self")
	}
	for more := p.tok.kind != ")"; more; more = p.accept(",") {
		if p.accept("...") {
			e.ParList.HasVargs, p.fn.vararg = true, true
			break
		}
		if p.tok.kind != tokenName && p.tok.kind != "goto" {
			p.syntax("<name> or '...' expected")
		}
		name := p.ident()
		e.ParList.Names = append(e.ParList.Names, name.value)
		p.declare(name, name.value)
	}
	p.expect(")")
	e.Stmts = p.chunk()
	last := p.match("end", start)
	p.close()
	return span(e, start, last)
}
