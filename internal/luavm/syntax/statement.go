package syntax

import "github.com/yuin/gopher-lua/ast"

// chunk reads statements up to what ends a block.
func (p *parser) chunk() []ast.Stmt {
	p.enter()
	stmts := []ast.Stmt{}
	for last := false; !last && !p.blockEnds(); {
		var s []ast.Stmt
		s, last = p.statement()
		stmts = append(stmts, s...)
		p.accept(";")
	}
	p.level--
	return stmts
}

func (p *parser) blockEnds() bool {
	switch p.tok.kind {
	case "else", "elseif", "end", "until", tokenEOF:
		return true
	}
	return false
}

// block reads statements in a scope of their own.
func (p *parser) block(loop bool, names ...string) []ast.Stmt {
	p.begin(loop)
	p.declare(p.tok, names...)
	stmts := p.chunk()
	p.end()
	return stmts
}

// statement reads one; last says that nothing may follow in its block. A label
// brings the labels behind it.
func (p *parser) statement() (stmts []ast.Stmt, last bool) {
	start := p.tok
	switch start.kind {
	case "if":
		return one(p.ifStmt()), false
	case "while":
		return one(p.while()), false
	case "do":
		p.advance()
		s := &ast.DoBlockStmt{Stmts: p.block(false)}
		return one(span(s, start, p.match("end", start))), false
	case "for":
		return one(p.forStmt()), false
	case "repeat":
		return one(p.repeat()), false
	case "function":
		return one(p.function()), false
	case "local":
		p.advance()
		return one(p.localStmt(start)), false
	case "return":
		p.advance()
		s := &ast.ReturnStmt{}
		if !p.blockEnds() && p.tok.kind != ";" {
			s.Exprs = p.exprs()
		}
		return one(span(s, start, start)), true
	case "break":
		p.jumpTo(breakLabel, p.advance())
		return one(span(&ast.BreakStmt{}, start, start)), true
	case "::":
		return p.labels(), false
	case "goto":
		if p.lookahead().kind == tokenName {
			p.advance()
			s := &ast.GotoStmt{Label: p.tok.value}
			p.jumpTo(p.tok.value, p.tok)
			p.advance()
			return one(span(s, start, start)), false
		}
	}
	return one(p.exprStmt()), false
}

func one(s ast.Stmt) []ast.Stmt { return []ast.Stmt{s} }

// span sets the lines of a node.
func span[N ast.PositionHolder](n N, first, last token) N {
	n.SetLine(first.line)
	n.SetLastLine(last.line)
	return n
}

// labels reads one label after the other. At the end of a block they count as
// outside the scope of its locals, unless until follows, which sees them.
func (p *parser) labels() (stmts []ast.Stmt) {
	p.enter()
	start := p.advance()
	name := p.ident()
	if _, twice := p.fn.block.labels[name.value]; twice {
		p.failAt(name, "labels of one block need names of their own", "duplicate label '%s'", name.value)
	}
	p.fn.block.labels[name.value] = len(p.fn.active)
	p.expect("::")
	stmts = one(span(&ast.LabelStmt{Name: name.value}, start, start))
	if p.tok.kind == "::" {
		stmts = append(stmts, p.labels()...)
	}
	active := len(p.fn.active)
	if p.blockEnds() && p.tok.kind != "until" {
		active = p.fn.block.outer
	}
	p.label(name, active)
	p.level--
	return stmts
}

func (p *parser) ifStmt() ast.Stmt {
	start := p.advance()
	first := &ast.IfStmt{Condition: p.expr()}
	p.expect("then")
	first.Then = p.block(false)
	current := first
	for p.tok.kind == "elseif" {
		at := p.advance()
		next := &ast.IfStmt{Condition: p.expr()}
		p.expect("then")
		next.Then = p.block(false)
		current.Else = one(span(next, at, at))
		current = next
	}
	if p.accept("else") {
		current.Else = p.block(false)
	}
	return span(first, start, p.match("end", start))
}

func (p *parser) while() ast.Stmt {
	start := p.advance()
	s := &ast.WhileStmt{Condition: p.expr()}
	p.expect("do")
	s.Stmts = p.block(true)
	return span(s, start, p.match("end", start))
}

// repeat reads a loop whose condition sees the locals of its block.
func (p *parser) repeat() ast.Stmt {
	start := p.advance()
	p.begin(true)
	p.begin(false)
	s := &ast.RepeatStmt{Stmts: p.chunk()}
	p.match("until", start)
	s.Condition = p.expr()
	p.end()
	p.end()
	s.SetLine(start.line)
	s.SetLastLine(s.Condition.Line())
	return s
}

func (p *parser) forStmt() ast.Stmt {
	start := p.advance()
	name := p.ident()
	switch p.tok.kind {
	case "=":
		return p.numberFor(start, name)
	case ",", "in":
		return p.genericFor(start, name)
	}
	p.syntax("'=' or 'in' expected")
	return nil
}

func (p *parser) numberFor(start, name token) ast.Stmt {
	p.advance()
	s := &ast.NumberForStmt{Name: name.value, Init: p.expr()}
	p.expect(",")
	s.Limit = p.expr()
	if p.accept(",") {
		s.Step = p.expr()
	}
	s.Stmts = p.loop(name, "(index)", "(limit)", "(step)", name.value)
	return span(s, start, p.match("end", start))
}

func (p *parser) genericFor(start, name token) ast.Stmt {
	s := &ast.GenericForStmt{Names: []string{name.value}}
	for p.accept(",") {
		s.Names = append(s.Names, p.ident().value)
	}
	p.expect("in")
	s.Exprs = p.exprs()
	s.Stmts = p.loop(name, append([]string{"(generator)", "(state)", "(control)"}, s.Names...)...)
	return span(s, start, p.match("end", start))
}

// loop reads the block of a for, which has locals of its own.
func (p *parser) loop(at token, names ...string) []ast.Stmt {
	p.expect("do")
	p.checkLocals(at, len(names))
	return p.block(true, names...)
}

func (p *parser) function() ast.Stmt {
	start := p.advance()
	name := &ast.FuncName{Func: p.variable(p.ident())}
	method := false
	for p.tok.kind == "." {
		p.advance()
		name.Func = p.attribute(name.Func, p.ident())
	}
	if p.accept(":") {
		name.Receiver, name.Func, name.Method, method = name.Func, nil, p.ident().value, true
	}
	s := &ast.FuncDefStmt{Name: name, Func: p.body(start, method)}
	s.SetLine(start.line)
	s.SetLastLine(s.Func.LastLine())
	return s
}

func (p *parser) localStmt(start token) ast.Stmt {
	s := &ast.LocalAssignStmt{Exprs: []ast.Expr{}}
	s.SetLine(start.line)
	if p.tok.kind == "function" {
		at := p.advance()
		name := p.ident()
		at.line = p.tok.line // as LuaJIT counts
		s.Names = []string{name.value}
		p.declare(name, name.value) // it may call itself
		body := p.body(at, false)
		s.Exprs = []ast.Expr{body}
		s.SetLastLine(body.LastLine())
		return s
	}
	for more := true; more; more = p.accept(",") {
		name := p.ident()
		s.Names = append(s.Names, name.value)
		p.checkLocals(name, len(s.Names))
	}
	if p.accept("=") {
		s.Exprs = p.exprs()
	}
	p.declare(start, s.Names...)
	return s
}

// exprStmt reads a call or an assignment.
func (p *parser) exprStmt() ast.Stmt {
	first, kind := p.primary()
	if kind == called {
		s := &ast.FuncCallStmt{Expr: first}
		s.SetLine(first.Line())
		return s
	}
	s := &ast.AssignStmt{Lhs: []ast.Expr{first}}
	s.SetLine(first.Line())
	for {
		if kind != assignable {
			p.syntax("syntax error")
		}
		if !p.accept(",") {
			break
		}
		var next ast.Expr
		next, kind = p.primary()
		s.Lhs = append(s.Lhs, next)
		if p.level+len(s.Lhs) > maxLevels+1 {
			p.failAt(p.tok, "assign in several statements", "%s has more than %d variable names", p.fn, maxLevels+1)
		}
	}
	p.expect("=")
	s.Rhs = p.exprs()
	return s
}
